import { FactDirectory } from '@catena/directory'
import type { Key } from '@catena/domain'
import {
  chatChannel,
  emailChannel,
  Heard,
  notify,
  Quiet,
  tellContradicted,
  webhookChannel,
  type Channel,
  type NotificationDesk,
  type Recipient,
} from '@catena/notification'
import { LedTimer, systemClock, type NotificationSettings } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import type { Instance } from '../instance.js'
import { recertificationDirectory } from '../recertification/people.js'

/** Of all processes on a database one sends. */
const LOCK = 72_707_397
/** So much is gathered into one message. */
const EVERY_MS = 60_000

export function channelsOf({ email, webhooks, chats }: NotificationSettings): Channel[] {
  return [...(email === undefined ? [] : [emailChannel(email)]), ...webhooks.map(webhookChannel), ...chats.map(chatChannel)]
} // prettier-ignore

/** Names and addresses of people, as the directories have them now, and who of them has left by any. */
export function recipientsOf(reader: AccessReader, systems: readonly string[], now: () => number): NotificationDesk['recipients'] {
  return async (people: readonly Key[]) => {
    const position = await reader.projectedPosition()
    const directory = new FactDirectory(reader.index({ position, validAt: undefined }), systems)
    const entries = await directory.entries(people, now())
    const identities = await recertificationDirectory(reader, systems, now).identities([...entries.keys()], position)
    return new Map<Key, Recipient>([...entries].map(([person, { name, displayName, email }]) => [person, { person, name: displayName ?? name, email, hasLeft: identities.get(person)?.leftAt !== undefined }]))
  }
} // prettier-ignore

/** Tells people of their reviews, as catena.yaml says, while the process lives. */
export function notificationTimer(
  instance: Pick<Instance, 'ledger' | 'configuration' | 'databaseUrl' | 'settings'>,
  reader: AccessReader,
  onError: (error: unknown) => void,
): LedTimer {
  const { configuration, settings, ledger, databaseUrl } = instance
  const { notifications, access, sources } = configuration
  const desk: NotificationDesk = {
    pool: reader.pool,
    streams: ledger,
    channels: notifications === undefined ? [] : channelsOf(notifications),
    url: access?.url ?? `http://${settings.host}:${settings.port}`,
    recipients: recipientsOf(reader, sources.map(({ kind, scope }) => `${kind}/${scope}`), () => systemClock.now()), // prettier-ignore
  }
  const quiet = new Quiet()
  const heard = new Heard()
  return new LedTimer({
    databaseUrl,
    name: 'notification',
    lock: LOCK,
    everyMs: EVERY_MS,
    clock: systemClock,
    turn: async (now, signal) => {
      await notify(desk, now, signal, quiet)
      await tellContradicted(desk, now, signal, heard)
    },
    onError,
  })
}
