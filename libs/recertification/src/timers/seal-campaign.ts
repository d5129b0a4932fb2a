import type { Decided } from '@catena/domain'
import { decodeDecision, VersionConflict } from '@catena/ledger'
import { waitForView } from '@catena/projections'
import type { ReportFigures, SealedFigures } from '../campaign/facts.js'
import { reportHashOf } from '../campaign/report-hash.js'
import type { LaunchedCampaign } from '../campaign/state.js'
import { commandCampaign } from '../desk/campaigns.js'
import { countItems, standing } from '../desk/count-items.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { OPEN } from '../item/state.js'
import { ITEM_STREAMS } from '../population/identity.js'
import { recordedUpTo, reportFigures } from '../report/campaign-report.js'
import { FigureCount } from '../report/report-figures.js'

/** Decisions read at once. */
const BATCH = 1_000
/** How often the same figures are offered again because items of other campaigns moved in between. */
const TRIES_MAX = 20

/**
 * Seals what was counted, or nothing: where an item of the campaign gets an event between the counting and the seal, the next turn counts
 * anew. The figures are those of the position of the seal.
 */
export async function sealCampaign(desk: RecertificationDesk, state: LaunchedCampaign, by: Decided): Promise<void> {
  const countedTo = await recordedUpTo(desk)
  if (!(await waitForView(desk.pool, 'review-items', countedTo))) return
  const counts = await countItems(desk.pool, state.id)
  const unverified = standing(counts, ...OPEN, 'outcome set', 'remediating', 'apply failed', 'applied', 'verified', 'regressed')
  if (unverified > 0) return
  const counted = await reportFigures(desk, state.id, new FigureCount())
  if (counted === undefined) return
  const figures = written(counted.figures)
  const reportHash = reportHashOf(state.id, state.frozen.hash, figures)
  for (let tries = 1, quietTo = countedTo; tries <= TRIES_MAX; tries++) {
    const since = await recordedUpTo(desk)
    if (await hasMoved(desk, state.id, quietTo, since)) return
    quietTo = since
    if (await sealed(desk, state.id, { type: 'SealCampaign', figures, reportHash, unverified }, since, by)) return
  }
} // prettier-ignore

/** False: an item of some campaign got an event meanwhile. */
async function sealed(desk: RecertificationDesk, id: string, seal: Parameters<typeof commandCampaign>[2], since: number, by: Decided): Promise<boolean> {
  const quiet = { prefix: ITEM_STREAMS, since }
  return commandCampaign(desk, id, seal, by, quiet).then(() => true, (error: unknown) => {
    if (error instanceof VersionConflict) return false
    throw error
  })
} // prettier-ignore

/** Did an item of the campaign get an event in this span? */
async function hasMoved({ streams }: Pick<RecertificationDesk, 'streams'>, campaign: string, from: number, to: number): Promise<boolean> {
  for (let after = from; after < to; ) {
    const events = await streams.readDecisions(after, BATCH)
    const items = events.filter(({ stream, position }) => position <= to && stream.startsWith(ITEM_STREAMS))
    if (items.some((event) => decodeDecision(event)?.event.data['campaign'] === campaign)) return true
    after = events.length < BATCH ? to : (events.at(-1)?.position ?? to)
  }
  return false
} // prettier-ignore

/** As an event has them: without what is undefined. */
function written({ medianToVerifiedMs, ...figures }: ReportFigures): SealedFigures {
  return { ...figures, ...(medianToVerifiedMs === undefined ? {} : { medianToVerifiedMs }) }
}
