import { formatInstant, isRefusal, type Decided } from '@catena/domain'
import { handleCommand, loadStream } from '@catena/ledger'
import { definitionDecider, definitionStream } from '../definition/decider.js'
import { loadCampaign, scheduleCampaign } from '../desk/campaigns.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { occurrencesBetween } from '../schedule/occurrences.js'
import { toBegin } from './due-occurrences.js'

/**
 * Begins what the schedules say. A campaign's id is made of its occurrence, so whoever does this twice, after a crash or under a clock that
 * was set back, finds it begun; what is passed over is on record as missed. A schedule that fails does not hold up others; the first error is
 * thrown at the end.
 */
export async function scheduleDue(desk: RecertificationDesk, by: Decided): Promise<void> {
  const { rows } = await desk.pool.query<{ id: string }>(
    `SELECT id FROM decisions.campaign_definition WHERE NOT retired AND definition ? 'schedule' ORDER BY id`,
  )
  const failures: unknown[] = []
  for (const { id } of rows) await scheduleOne(desk, id, by).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

async function scheduleOne(desk: RecertificationDesk, id: string, by: Decided): Promise<void> {
  const { state } = await loadStream(desk.streams, definitionDecider, definitionStream(id))
  const { definition, isRetired, handledUntil } = state
  if (definition?.schedule === undefined || isRetired) return
  const due = occurrencesBetween(definition.schedule, handledUntil, by.at)
  const until = due.at(-1)
  if (until === undefined) return
  const begun: string[] = []
  for (const at of toBegin(due, definition.catchUp, by.at)) {
    const scheduled = await scheduleCampaign(desk, { definition: id, cause: formatInstant(at), at }, by)
    if (!isRefusal(scheduled)) begun.push(scheduled.id)
  }
  const missed: number[] = []
  for (const at of due) if ((await loadCampaign(desk, `${id}@${formatInstant(at)}`)).status === 'draft') missed.push(at)
  const command = { type: 'NoteOccurrences' as const, id, until, begun, missed }
  await handleCommand(desk.streams, definitionDecider, { stream: definitionStream(id), command, by })
}
