import type { Chain } from '@catena/access-chain'
import { asksForContent, isMinted, type Activity } from '@catena/domain'
import { greatestSkew, surroundingsOf, type Surroundings } from '@catena/governance'
import { decodeDecision, isRecord, type LedgerEvent } from '@catena/ledger'
import type { AccessReader, Interpretation, KnownAsOf, PostgresFactIndex } from '@catena/projections'
import { feedKindOf } from './activity-kinds.js'
import { endedBy, endsUnasked, lostBy, surroundedBy, type Again } from './again/again.js'
import { groundOf, type Ground } from './again/ground.js'
import { positionsOfChain } from './chain-aspects.js'
import { contentOfFact } from './content-of-fact.js'
import { draftsOfFindings } from './content-of-finding.js'
import { draftsOfDecision } from './decisions/content-of-decision.js'
import type { FeedDraft } from './event.js'
import { feedId } from './feed-id.js'
import type { News } from './news.js'
import { reachedBy } from './reached.js'

/** Facts walked together: memory stays flat however many chains a record reaches. */
const WALK_FACTS_MAX = 500

/** What is told, with what it rests on. */
export interface Told {
  readonly drafts: readonly FeedDraft[]
  readonly grounds: readonly Ground[]
  /** Told chains that have to be walked again beside these. */
  readonly again: readonly Again[]
  /** Clocks and coverage under which it was derived. */
  readonly surroundings: Surroundings
}

export interface Derived extends Told {
  /** More chains came through the keys of these events than one look forward returns: the oldest of them were not told again. */
  readonly isCut: boolean
}

/** What is known, and under which surroundings the feed was derived before. */
export interface Knowing {
  readonly reader: AccessReader
  readonly interpretation: Interpretation
  readonly asOf: KnownAsOf
  readonly stood: Surroundings
}

/** What the news of the ledger adds to the feed, as far as the read model knows at `asOf`. Reads only. */
export async function derive(knowing: Knowing, { after, factIds, events }: News): Promise<Derived> {
  const { reader, asOf, stood } = knowing
  const decided = draftsOfDecisions(events).sort(byFirstPosition)
  if (factIds.length === 0) return { drafts: decided, grounds: [], again: [], surroundings: stood, isCut: false }
  const index = reader.index(asOf)
  const facts = await index.facts(factIds)
  const before = reader.index({ ...asOf, position: after })
  const reached = await reachedBy({ index, before, settings: reader.settings }, [...facts.values()])
  const told = await tell(knowing, index, [...facts.values(), ...reached.facts])
  const ends = [...facts.values()].filter(endsUnasked)
  const stoodBefore = await before.facts(ends.map(({ factId }) => factId))
  const skewMs = greatestSkew(stood, told.surroundings)
  const again = [...told.again, ...endedBy(ends, stoodBefore, skewMs), ...lostBy([...facts.values()], reader.settings.sources, skewMs)] // prettier-ignore
  const drafts = [...told.drafts, ...decided].sort(byFirstPosition)
  return { ...told, drafts, again, isCut: reached.isCut }
}

/** Chains that are told again, by the uuids of their facts. Reads only. */
export async function deriveAgain(knowing: Knowing, facts: readonly string[]): Promise<Told> {
  const index = knowing.reader.index(knowing.asOf)
  const told = await tell(knowing, index, [...(await index.factsByUuid(facts)).values()])
  return { ...told, drafts: [...told.drafts].sort(byFirstPosition) }
}

async function tell(knowing: Knowing, index: PostgresFactIndex, facts: readonly Activity[]): Promise<Told> {
  const { interpretation, stood } = knowing
  const told = facts.filter((fact) => feedKindOf(fact) !== undefined)
  const [surroundings, walked] = await Promise.all([
    surroundingsOf(index, interpretation.sources),
    tellWalked(knowing, index, told.filter(isWalked)),
  ])
  const again = surroundedBy(stood, surroundings, interpretation.sources)
  const unwalked = told.filter((fact) => !isWalked(fact)).flatMap((fact) => draftsOfFact(fact, undefined))
  return { drafts: [...unwalked, ...walked.drafts], grounds: walked.grounds, again, surroundings }
}

async function tellWalked(
  { reader, asOf }: Knowing,
  index: PostgresFactIndex,
  facts: readonly Activity[],
): Promise<Pick<Told, 'drafts' | 'grounds'>> {
  const drafts: FeedDraft[] = []
  const grounds: Ground[] = []
  for (let from = 0; from < facts.length; from += WALK_FACTS_MAX) {
    const page = facts.slice(from, from + WALK_FACTS_MAX)
    const chains = await reader.chains(asOf, page, index)
    page.forEach((fact, number) => drafts.push(...draftsOfFact(fact, chains[number])))
    grounds.push(...chains.map(groundOf))
  }
  return { drafts, grounds }
}

function draftsOfFact(fact: Activity, chain: Chain | undefined): FeedDraft[] {
  const kind = feedKindOf(fact)
  if (kind === undefined) return []
  const positions = chain === undefined ? fact.positions : positionsOfChain(chain)
  const own = { id: feedId(`fact:${fact.factId}`), content: contentOfFact(chain?.fact ?? fact, kind, chain), positions }
  return chain === undefined ? [own] : [own, ...draftsOfFindings(chain)]
}

/** Does a chain lead anywhere: did it come through a token, or obtain a credential? */
export function isWalked(fact: Activity): boolean {
  const { groups, kind } = fact
  if (kind === 'logout') return false
  return asksForContent(fact) || groups.some(({ role, verb, forms }) => role === 'caller' && verb === 'presents' && forms.some(({ key }) => isMinted(key))) // prettier-ignore
}

function draftsOfDecisions(events: readonly LedgerEvent[]): FeedDraft[] {
  return events.flatMap((event) => {
    if (isRecord(event)) return []
    const decision = decodeDecision(event)
    return decision === undefined ? [] : draftsOfDecision(decision)
  })
}

/** In the order in which the ledger learned of them; equal ones in order of their ids, so that a retry derives the same. */
function byFirstPosition(a: FeedDraft, b: FeedDraft): number {
  return (a.positions.at(-1) ?? 0) - (b.positions.at(-1) ?? 0) || (a.id < b.id ? -1 : 1)
}
