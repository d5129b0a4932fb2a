import type { Instant, Key } from '@catena/domain'
import type { ManyStreams } from '@catena/ledger'
import { openWork, type CampaignState } from '@catena/recertification'
import type pg from 'pg'
import { loadAccount, noteTogether, type Account } from './account.js'
import type { Channel, Recipient } from './channels/channel.js'
import { digestOf, type Due } from './digest.js'
import { Quiet } from './quiet.js'
import { noted, sendTo } from './send.js'
import { isDue, markOf, type Told } from './told.js'

export const NOTIFIER = 'timer:notification'

export interface NotificationDesk {
  readonly pool: pg.Pool
  readonly streams: ManyStreams
  readonly channels: readonly Channel[]
  /** The address under which people reach Catena, without a slash at the end. */
  readonly url: string
  /** Who people are, with their addresses. */
  recipients(people: readonly Key[]): Promise<ReadonlyMap<Key, Recipient>>
}

interface Asked {
  readonly due: Due
  readonly occasions: readonly string[]
  readonly account: Account
}

/**
 * Tells people of what they have to review, at most one message a person, channel and turn: at the launch of a campaign and whenever a reminder
 * or a step of the ladder is due. Whoever has finished hears nothing. Sent at least once: a crash between sending and noting it repeats.
 */
export async function notify(
  desk: NotificationDesk,
  now: Instant,
  signal: AbortSignal,
  quiet: Quiet = new Quiet(),
): Promise<void> {
  if (desk.channels.length === 0) return
  const { rows } = await desk.pool.query<{ state: Active }>(
    `SELECT state FROM decisions.campaign WHERE status = 'active' ORDER BY id`,
  )
  const due = rows.filter(({ state }) => !quiet.holds(state, now))
  if (due.length === 0) return
  const campaigns = new Map(
    await Promise.all(
      due.map(async ({ state }) => [state.id, { state, account: await loadAccount(desk.streams, state.id) }] as const),
    ),
  )
  const work = await openWork(desk.pool, [...campaigns.keys()])
  const recipients = await desk.recipients([...new Set(work.map(({ reviewer }) => reviewer))])
  const busy = new Set(
    [...campaigns.values()].filter(({ account }) => account.told.failures.size > 0).map(({ state }) => state.id),
  )
  for (const channel of desk.channels) {
    const asked = new Map<Key, Asked[]>()
    for (const { reviewer, campaign, items } of work) {
      const found = campaigns.get(campaign)
      const occasions =
        found === undefined ? [] : occasionsDue(found.state, found.account.told, channel.id, reviewer, now)
      if (found === undefined || occasions.length === 0) continue
      const { withheld } = found.account.told
      // Whoever is away is looked at no more often than whatever else makes no occasion.
      if (!occasions.every((occasion) => withheld.has(markOf(channel.id, reviewer, occasion)))) busy.add(campaign)
      const due = { campaign, name: found.state.definition.name, items, dueAt: found.state.stages[found.state.stage]?.dueAt ?? found.state.graceUntil } // prettier-ignore
      const own = asked.get(reviewer) ?? []
      asked.set(reviewer, own)
      own.push({ due, occasions, account: found.account })
    }
    for (const [person, all] of asked) {
      if (signal.aborted) return
      const recipient = recipients.get(person) ?? { person, name: person, email: undefined }
      await tell(desk, channel, recipient, all, now, signal)
    }
  }
  for (const { state } of campaigns.values()) if (!busy.has(state.id)) quiet.note(state, now)
}

type Active = Extract<CampaignState, { readonly status: 'active' }>

function occasionsDue(state: Active, already: Told, channel: string, reviewer: Key, now: Instant): string[] {
  return ['launch', ...state.reminders].filter((occasion) => isDue(already, markOf(channel, reviewer, occasion), now))
}

async function tell(desk: NotificationDesk, channel: Channel, recipient: Recipient, asked: readonly Asked[], now: Instant, signal: AbortSignal): Promise<void> {
  const digest = digestOf(asked.map(({ due }) => due), now, desk.url)
  const unsent = await sendTo(channel, recipient, digest, signal)
  const notings = asked.map(({ due, occasions, account }) => ({
    account,
    command: { ...noted(unsent), campaign: due.campaign, person: recipient.person, occasions, channel: channel.id, items: due.items },
  }))
  await noteTogether(desk.streams, notings, { actor: NOTIFIER, at: now })
} // prettier-ignore
