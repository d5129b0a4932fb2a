import { uuidOf } from '@catena/projections'
import type { FeedContent, FeedEvent } from '@catena/siem'
import { NO_SURROUNDINGS } from '@catena/governance'
import { deriveAgain } from '../../libs/siem/src/feed/derive.js'
import type { FeedStage } from './stage.js'

/** Newest revisions by id. */
export function newestOf(events: readonly FeedEvent[]): Map<string, FeedEvent> {
  return new Map(events.map((event) => [event.id, event]))
}

/** What the feed says otherwise than a walk of all that is known now, of chains and their findings. */
export async function staleIn(stage: Pick<FeedStage, 'reader' | 'interpretation' | 'events'>): Promise<{ readonly chains: number; readonly stale: readonly (readonly [told: FeedContent | undefined, walked: FeedContent])[] }> {
  const asOf = await stage.reader.asOf()
  const { items } = await stage.reader.facts(asOf, {}, { limit: 100_000 })
  const { interpretation, reader } = stage
  const { drafts } = await deriveAgain({ reader, interpretation, asOf, stood: NO_SURROUNDINGS }, items.map(({ item }) => uuidOf(item.factId)))
  const told = newestOf(await stage.events())
  const compared = drafts.map(({ id, content }) => [told.get(id)?.content, JSON.parse(JSON.stringify(content)) as FeedContent] as const)
  return { chains: drafts.filter(({ content }) => content.chain !== undefined).length, stale: compared.filter(([a, b]) => JSON.stringify(a) !== JSON.stringify(b)) }
} // prettier-ignore

/** Does the feed tell of the whole ledger, and waits nothing to be told again? */
export async function isAllTold({ pool, ledger }: Pick<FeedStage, 'pool' | 'ledger'>): Promise<boolean> {
  const { rows } = await pool.query<{ position: string; waits: boolean }>('SELECT position, EXISTS (SELECT FROM feed_again) AS waits FROM feed_head')
  return Number(rows[0]?.position) === (await ledger.head()) && rows[0]?.waits === false
} // prettier-ignore
