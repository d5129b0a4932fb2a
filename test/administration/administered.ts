import type { Instant } from '@catena/domain'
import {
  administer,
  foldOf,
  isStewardshipEvent,
  sharingRecordOf,
  stewardship,
  stewardshipStream,
  thingOf,
  type Administered,
  type SharingEntry,
  type SharingRecord,
  type Stewardship,
} from '@catena/governance'
import { decodeDecision, MemoryLedger, type RecordedDecision } from '@catena/ledger'
import { ADMINISTRATION_FILE, type MemoryOutput } from '@catena/simulation'

/** What people had decided of one credential by a moment. */
export interface DecidedOf {
  readonly stewardship: Stewardship
  readonly sharing: SharingRecord
}

/** A simulated stream of administration, run by Catena's own rules into a ledger in memory. */
export interface AdministeredLedger {
  readonly outcome: Administered
  readonly decisions: readonly RecordedDecision[]
  decidedOf(credential: string, by: Instant): DecidedOf
}

export async function administered(out: MemoryOutput): Promise<AdministeredLedger> {
  const clock = { at: 0 as Instant, now: () => clock.at }
  const ledger = new MemoryLedger(clock)
  const onMoment = (at: Instant): void => void (clock.at = at)
  const desk = { streams: ledger, uses: () => Promise.resolve(false), onMoment }
  const outcome = await administer(desk, out.of(ADMINISTRATION_FILE))
  const decisions = (await ledger.readDecisions(0, Number.MAX_SAFE_INTEGER)).flatMap((event) => decodeDecision(event) ?? []) // prettier-ignore
  return {
    outcome,
    decisions,
    decidedOf: (credential, by) => foldBy(decisions.filter((each) => each.by.at <= by), credential), // prettier-ignore
  }
}

function foldBy(decisions: readonly RecordedDecision[], credential: string): DecidedOf {
  const own = decisions.filter(({ stream }) => stream === stewardshipStream(credential))
  const things = new Map<string, SharingEntry>()
  for (const { stream, event, by, position } of decisions) {
    const thing = thingOf(stream)
    if (thing === undefined) continue
    const { initial, evolve } = foldOf(thing.kind)
    const before = things.get(stream)
    const state = evolve(before?.state ?? initial, event, by)
    things.set(stream, { ...thing, state, positions: [...(before?.positions ?? []), position] } as SharingEntry)
  }
  const about = [...things.values()].filter(({ state }) =>
    (state.credentials as readonly string[]).includes(credential),
  )
  return {
    stewardship: own.reduce((state, { event, by, position }) => (isStewardshipEvent(event) ? stewardship.evolve(state, event, { ...by, position }) : state), stewardship.initial), // prettier-ignore
    sharing: sharingRecordOf(about, []),
  }
}
