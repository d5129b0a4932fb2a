import { createHash } from 'node:crypto'
import { MemoryFacts, walk, WALK_DEFAULTS, type Chain, type MemoryFactIndex } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import { UnreadableRecord, type SourceInstance, type SourceKind } from '@catena/domain'
import {
  FILES,
  INCIDENTS_FILE,
  MemoryOutput,
  simulate,
  TRUTH_FILE,
  type IncidentLine,
  type Simulated,
  type SimulationOptions,
  type SourceSettings,
  type Truth,
} from '@catena/simulation'
import { answerOf, nameOf } from '../answers.js'
import { mask } from '../recorded.js'
import { ASPECTS, Tally, type JudgedAspect, type Told } from './judge.js'

/** Chains asked for at once. */
const PAGE = 500

export interface Judged {
  readonly tally: Tally
  readonly simulated: Simulated
  readonly unread: number
  /** Causes of incidents that no record tells of. */
  readonly strayCauses: readonly string[]
}

export type Walk = (index: MemoryFactIndex, facts: Parameters<typeof walk>[1], sources: readonly SourceInstance[]) => Promise<readonly Chain[]> // prettier-ignore

const rightWalk: Walk = (index, facts, sources) => walk(index, facts, { ...WALK_DEFAULTS, sources })

export interface Judging {
  /** Another walk than the right one. */
  readonly walk?: Walk
  /** A tally over several organisations. */
  readonly all?: Tally
}

/** Makes an organisation in memory, asks for the chain of everything whose truth is known, and compares. */
export async function judgeOrganisation(options: SimulationOptions, judging: Judging = {}): Promise<Judged> {
  const { walk: asked = rightWalk, all = new Tally() } = judging
  const out = new MemoryOutput()
  const simulated = simulate(options, out)
  const sources = simulated.sources.map(instanceOf)
  const { index, unread } = read(out, sources)
  const tally = new Tally()
  const truths = out.of(TRUTH_FILE).map((line) => JSON.parse(line) as Truth)
  for (let from = 0; from < truths.length; from += PAGE) {
    const page = truths.slice(from, from + PAGE)
    const facts = [...(await index.facts(page.map(({ fact }) => fact))).values()]
    const chains = new Map((await asked(index, facts, sources)).map((chain) => [chain.fact.factId, chain]))
    for (const truth of page) compare([tally, all], truth, chains.get(truth.fact))
  }
  return { tally, simulated, unread, strayCauses: await strayCauses(out, index) }
}

/** What people told Catena stands in no record. */
const SAID = 'administration:'

async function strayCauses(out: MemoryOutput, index: MemoryFactIndex): Promise<string[]> {
  const causes = out.of(INCIDENTS_FILE).flatMap((line) => (JSON.parse(line) as IncidentLine).cause)
  const known = await index.facts(causes)
  return causes.filter((fact) => !known.has(fact) && !fact.startsWith(SAID))
}

function compare(tallies: readonly Tally[], truth: Truth, chain: Chain | undefined): void {
  const told = chain === undefined ? undefined : toldBy(chain)
  for (const tally of tallies) for (const aspect of ASPECTS) tally.add(truth, aspect, told?.[aspect])
}

function toldBy(chain: Chain): Record<JudgedAspect, Told> {
  const { path, actor } = answerOf(chain.fact.factId, chain)
  const key = chain.actor.kind === 'attributed' ? nameOf(chain.actor.principal.key) : undefined
  return {
    path: { ...path, named: path.through },
    actor: { ...actor, named: actor.principal, key },
    right: approvedIn(chain),
  }
}

function approvedIn({ right }: Chain): Told {
  const approver = right.approvals.find(({ decision }) => decision === 'approved')?.approver
  if (approver === undefined) return { state: right.state }
  return { state: right.state, named: `person:${approver.name}`, key: nameOf(approver.key) }
}

/** The records as activities, through the connectors and no ledger. */
function read(out: MemoryOutput, sources: readonly SourceInstance[]): { index: MemoryFactIndex; unread: number } {
  const facts = new MemoryFacts()
  const seen = new Set<string>()
  let [position, unread] = [0, 0]
  for (const [file, id] of Object.entries(FILES)) {
    const source = sources.find((candidate) => candidate.id === id)
    if (source === undefined) throw new Error(`no settings of ${id}`)
    const connector = connectorFor(source.kind)
    for (const line of out.of(file)) {
      const recordId = createHash('sha256').update(`${id} ${line}`).digest('hex')
      if (seen.has(recordId)) continue
      seen.add(recordId)
      try {
        const record = connector.parse(line)
        const { stream, type, occurredAt = LATER } = connector.identify(record)
        const payload = connector.redact(record, mask, source)
        const stored = {
          position: ++position,
          source: id,
          stream,
          type,
          occurredAt,
          recordedAt: LATER,
          recordId,
          payload,
        }
        facts.add(connector.interpret(stored, source))
      } catch (error) {
        if (!(error instanceof UnreadableRecord)) throw error
        unread++
      }
    }
  }
  return { index: facts.at({ position }), unread }
}

const LATER = Date.UTC(2030, 0, 1)

function instanceOf(settings: SourceSettings): SourceInstance {
  return {
    id: settings.id,
    kind: settings.kind as SourceKind,
    scope: settings.scope,
    heartbeatSeconds: settings.heartbeat_s,
    sharedIdentities: settings.shared_identities,
    gaps: settings.gaps.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
    federations: settings.federations.map(({ mount, issuer, claims, max_session_s }) => {
      const [kind = '', scope = ''] = issuer.split(':')
      return {
        mount,
        issuer: { kind: kind as SourceKind, scope },
        claims: claims,
        ...(max_session_s === undefined ? {} : { sessionMaxMs: max_session_s * 1000 }),
      }
    }),
  }
}
