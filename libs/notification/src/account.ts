import { isRefusal, type Decided } from '@catena/domain'
import { encodeDecision, handleCommand, loadStream, VersionConflict, type ManyStreams } from '@catena/ledger'
import { told, toldStream, type NoteNotification, type NotificationEvent, type Told } from './told.js'

/** Of one campaign: who was told of what, as its stream has it. Moves on with what is noted. */
export interface Account {
  readonly campaign: string
  told: Told
  version: number
}

export async function loadAccount(streams: ManyStreams, campaign: string): Promise<Account> {
  const { state, version } = await loadStream(streams, told, toldStream(campaign))
  return { campaign, told: state, version }
}

export interface Noting {
  readonly account: Account
  readonly command: NoteNotification
}

/** One message spoke of many campaigns: noted in one transaction; where another process was first, one campaign after the other. */
export async function noteTogether(streams: ManyStreams, notings: readonly Noting[], by: Decided): Promise<void> {
  const decided = notings.map(({ account, command }) => ({ account, events: told.decide(account.told, command, by) as readonly NotificationEvent[] })) // prettier-ignore
  const appends = decided.filter(({ events }) => events.length > 0)
  if (appends.length === 0) return
  try {
    await streams.appendTogether(
      appends.map(({ account: { campaign, version }, events }) => ({
        stream: toldStream(campaign),
        expectedVersion: version,
        events: events.map((event) => encodeDecision(told, event as never, by, { subjects: [] })),
      })),
    )
  } catch (error) {
    if (!(error instanceof VersionConflict)) throw error
    return noteApart(streams, notings, by)
  }
  for (const { account, events } of appends) {
    account.version += events.length
    for (const event of events) account.told = told.evolve(account.told, event as never, by)
  }
}

async function noteApart(streams: ManyStreams, notings: readonly Noting[], by: Decided): Promise<void> {
  for (const { account, command } of notings) {
    const noted = await handleCommand(streams, told, { stream: toldStream(account.campaign), command, by })
    if (isRefusal(noted)) throw new Error(noted.message)
    Object.assign(account, { told: noted.state, version: noted.version })
  }
}
