import type { Decided, Key } from '@catena/domain'
import { decodeDecision } from '@catena/ledger'
import type { Trigger } from '../definition/definition.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { knownName, subjectOf } from '../population/identity.js'
import type { AccessRow } from '../ports/access-summary.js'
import type { Identity } from '../ports/people.js'
import { triggersIn, triggersOf, type Found, type Somebody } from './triggered.js'

/** Decisions read at once, and credentials compared at once. */
const DECISIONS = 1_000
const CREDENTIALS = 200
/** Triggers that come with a change of rows; the others come with decisions and verdicts. */
const OF_ROWS: readonly Trigger[] = ['new consumer', 'wider privilege', 'owner left', 'accessor left', 'role changed']

interface Span {
  readonly from: number
  readonly position: number
}

/** What happened between two cuts that these triggers speak of. */
export async function findTriggers(desk: RecertificationDesk, wanted: ReadonlySet<Trigger>, span: Span, by: Decided): Promise<Found[]> {
  const found = await inDecisions(desk, wanted, span)
  if (!OF_ROWS.some((trigger) => wanted.has(trigger))) return found
  const changed = await desk.summary.changedSince(span.from)
  for (let at = 0; at < changed.length; at += CREDENTIALS)
    found.push(...(await inRows(desk, changed.slice(at, at + CREDENTIALS), span, by)).filter(({ trigger }) => wanted.has(trigger)))
  return found
} // prettier-ignore

async function inDecisions({ streams }: RecertificationDesk, wanted: ReadonlySet<Trigger>, { from, position }: Span): Promise<Found[]> {
  const found: Found[] = []
  let after = from
  for (;;) {
    const events = await streams.readDecisions(after, DECISIONS)
    const own = events.filter((event) => event.position <= position)
    for (const event of own) {
      const recorded = OUTSIDE.has(event.type) ? decodeDecision(event) : undefined
      if (recorded !== undefined) found.push(...triggersIn(recorded.event, wanted))
    }
    after = own.at(-1)?.position ?? position
    if (own.length < DECISIONS) return found
  }
} // prettier-ignore

const OUTSIDE: ReadonlySet<string> = new Set(['VerdictChanged', 'BreakGlassActivated', 'SealedDecisionImpeached'])

async function inRows(desk: RecertificationDesk, credentials: readonly string[], { from, position }: Span, by: Decided): Promise<Found[]> {
  const rows = await desk.summary.rowsOf(credentials, { position, validAt: by.at })
  const known = await desk.summary.knownBy(credentials, from)
  const owners = await desk.owners.ownersOf(rows.map(({ credential }) => credential), position) // prettier-ignore
  const keys = [...new Set([...owners.values(), ...rows.flatMap(personIn)])]
  const [before, now] = [await desk.directory.identities(keys, from), await desk.directory.identities(keys, position)]
  const somebody = (key: Key | undefined): Somebody | undefined => key === undefined ? undefined : { before: before.get(key), now: now.get(key) }
  return rows.flatMap((row) => {
    const [person] = personIn(row)
    const { id } = row.credential
    const compared = { row, known: known.get(knownName(id, row.accessor)), owner: somebody(owners.get(id)), accessor: somebody(person) }
    return triggersOf(compared, by.at).map((trigger) => ({ trigger, credential: id, subject: subjectOf(row) }))
  })
} // prettier-ignore

function personIn({ accessor }: AccessRow): Identity['key'][] {
  return accessor.kind === 'person' ? [accessor.key] : []
}
