import { TRIES_MAX, type Instant, type Key } from '@catena/domain'
import { readItems, type ItemState } from '@catena/recertification'
import { loadAccount, noteTogether, type Account } from '../account.js'
import type { Channel } from '../channels/channel.js'
import { NOTIFIER, type NotificationDesk } from '../notify.js'
import { noted, sendTo } from '../send.js'
import { isDue, markOf } from '../told.js'
import { contradictedDigest } from './digest.js'

/** Items looked at in one turn; what is more waits for the next. */
const ITEMS_MAX = 500

interface Contradicted {
  readonly item: string
  readonly campaign: string
  readonly name: string
  readonly signed_off_by: string | null
  readonly state: ItemState
  readonly position: string
}

/** With what its people were told of its campaign. */
interface News extends Contradicted {
  readonly account: Account
}

/** Whoever was locked when they were to hear, and is back, hears within so long. */
export const BACK_MS = 3_600_000

/**
 * Position up to which everybody has heard, or is away. Kept in memory; a process that begins looks at all once, and so does one in which somebody was
 * away, after a while. What was told is on record.
 */
export class Heard {
  position = 0
  private againAt: Instant | undefined

  /** Somebody up to here is away. */
  away(now: Instant): void {
    this.againAt ??= now + BACK_MS
  }

  lookAgain(now: Instant): void {
    if (this.againAt === undefined || now < this.againAt) return
    this.againAt = undefined
    this.position = 0
  }
}

/**
 * Tells whoever decided, owns or signed off what is contradicted since the seal: once of each item, in one message a person, channel and turn.
 * Sent at least once: a crash between sending and noting it repeats.
 */
export async function tellContradicted(
  desk: NotificationDesk,
  now: Instant,
  signal: AbortSignal,
  heard: Heard,
): Promise<void> {
  if (desk.channels.length === 0) return
  heard.lookAgain(now)
  const news = await newsAfter(desk, heard.position)
  if (news.length === 0) return
  const people = await concerned(desk, news)
  const recipients = await desk.recipients([...people.keys()])
  for (const channel of desk.channels)
    for (const [person, items] of people) {
      if (signal.aborted) return
      const due = items.filter(({ account, item }) => isDue(account.told, markOf(channel.id, person, occasionOf(item)), now))
      const recipient = recipients.get(person) ?? { person, name: person, email: undefined }
      if (due.length > 0) await tell(desk, { channel, recipient, now, signal }, due)
    }
  const some = (is: (account: Account, mark: string) => boolean): boolean =>
    desk.channels.some(({ id }) => [...people].some(([person, items]) => items.some((one) => is(one.account, markOf(id, person, occasionOf(one.item))))))
  if (some(isAway)) heard.away(now)
  if (!some(isWaiting)) heard.position = Number(news.at(-1)?.position)
} // prettier-ignore

function occasionOf(item: string): string {
  return `contradicted ${item}`
}

/** Neither sent nor given up. */
function isWaiting({ told: { sent, failures, withheld } }: Account, mark: string): boolean {
  return !sent.has(mark) && !withheld.has(mark) && (failures.get(mark)?.times ?? 0) < TRIES_MAX
}

function isAway({ told: { sent, withheld } }: Account, mark: string): boolean {
  return !sent.has(mark) && withheld.has(mark)
}

async function newsAfter({ pool, streams }: NotificationDesk, position: number): Promise<News[]> {
  const { rows } = await pool.query<Contradicted>(
    `SELECT replace(i.item::text, '-', '') AS item, i.campaign, c.state #>> '{definition,name}' AS name, c.state ->> 'signedOffBy' AS signed_off_by, i.state, i.position
     FROM decisions.review_item i JOIN decisions.campaign c ON c.id = i.campaign
     WHERE i.state ? 'sinceSeal' AND i.position > $1 ORDER BY i.position LIMIT $2`,
    [position, ITEMS_MAX],
  )
  const accounts = new Map<string, Account>()
  const news: News[] = []
  for (const row of rows) {
    const account = accounts.get(row.campaign) ?? (await loadAccount(streams, row.campaign))
    accounts.set(row.campaign, account)
    news.push({ ...row, account })
  }
  return news
}

/** On whose votes the outcome rests, of whichever stage, in whose place they were cast, who owns the credential, and who signed the campaign off. */
async function concerned({ pool }: NotificationDesk, news: readonly News[]): Promise<Map<Key, News[]>> {
  const frozen = await readItems(pool, news.map(({ item }) => item))
  const people = new Map<Key, News[]>()
  for (const one of news) {
    const owner = one.state.owner ?? frozen.get(one.item)?.owner
    const voters = (one.state.restedOn ?? []).flatMap(({ reviewer, inPlaceOf }) => [reviewer, ...inPlaceOf])
    const keys = [...voters, ...(owner === undefined ? [] : [owner]), ...(one.signed_off_by === null ? [] : [one.signed_off_by as Key])]
    for (const key of new Set(keys)) if (key.startsWith('person:')) people.set(key, [...(people.get(key) ?? []), one])
  }
  return people
} // prettier-ignore

interface Way {
  readonly channel: Channel
  readonly recipient: Parameters<Channel['send']>[0]
  readonly now: Instant
  readonly signal: AbortSignal
}

async function tell(desk: NotificationDesk, { channel, recipient, now, signal }: Way, due: readonly News[]): Promise<void> {
  const campaigns = [...new Map(due.map((one) => [one.campaign, one])).values()]
  const itemsOf = (campaign: string): string[] => due.filter((one) => one.campaign === campaign).map(({ item }) => item)
  const digest = contradictedDigest(campaigns.map(({ campaign, name }) => ({ campaign, name, items: itemsOf(campaign).length })), desk.url)
  const unsent = await sendTo(channel, recipient, digest, signal)
  const notings = campaigns.map(({ campaign, account }) => {
    const items = itemsOf(campaign)
    const command = { ...noted(unsent), campaign, person: recipient.person, occasions: items.map(occasionOf), channel: channel.id, items: items.length }
    return { account, command }
  })
  await noteTogether(desk.streams, notings, { actor: NOTIFIER, at: now })
} // prettier-ignore
