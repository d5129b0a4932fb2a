import { isLoopback, type SystemSettings } from '@catena/platform'
import { look, risk, when } from './advice.js'
import type { Advice, Found } from './found.js'

/** Shorter secrets can be tried out. */
export const SECRET_LENGTH_MIN = 20

/** What is risky about the systems where Catena does something, and about the ways in which it tells people. Pure. */
export function examineOutside(found: Found): Advice[] {
  const { remediation, notifications, signingSecretLengths } = found
  const { systems = [], receivers = [] } = remediation ?? {}
  return [
    ...systems.flatMap(ofSystem),
    ...sharedFiles(systems),
    ...when(systems.length > 0 && receivers.length === 0, () => look('NOBODY_TAKES_OVER', 'what remediation may not do itself is handed to nobody: it only stands in the campaign', 'set remediation.hand_over')),
    ...ofUrls(found),
    ...[...signingSecretLengths].flatMap(([file, length]) =>
      when(length < SECRET_LENGTH_MIN, () => risk('WEAK_SIGNING_SECRET', `the secret in ${file} signs webhooks and has ${length} characters: others could sign them too`, `exchange it for a random one of ${SECRET_LENGTH_MIN} or more`)),
    ),
    ...when(notifications?.email?.tls === 'none', () => look('MAIL_WITHOUT_TLS', 'mail goes without TLS to a server on this machine', 'see that this server sends it on with TLS')),
    ...when(notifications?.email !== undefined && notifications.email.user === undefined && !isLoopback(notifications.email.host), () => look('MAIL_WITHOUT_LOGIN', `${notifications?.email?.host} takes mail of Catena without a login: whoever reaches it can write in its name`, 'set notifications.email.user and password_file')),
  ]
} // prettier-ignore

/** What a system may be asked to do, against what is declared for it: rights that nothing needs should not be given. */
function ofSystem(system: SystemSettings): Advice[] {
  const { id, allow, gives } = system
  const needed = (action: SystemSettings['allow'][number], isNeeded: boolean, member: string): Advice[] =>
    when(allow.includes(action) && !isNeeded, () => look('RIGHT_NOT_NEEDED', `remediation may ${action} at ${id}, and no entry of gives names a ${member}`, `take ${action} out of allow, and the right away at ${id}`))
  return [
    ...when(allow.length === 0, () => look('SYSTEM_UNUSED', `remediation holds a secret for ${id} and may do nothing there`, `remove ${id}, or set its allow`)),
    ...needed('delete-role', gives.some(({ role }) => role !== undefined), 'role'),
    ...needed('remove-from-group', gives.some(({ group }) => group !== undefined), 'group'),
    ...needed('disable-client', gives.some(({ client }) => client !== undefined), 'client'),
    ...needed('delete-secret', gives.some(({ secret }) => secret !== undefined), 'secret'),
    ...when(system.kind === 'keycloak' && system.realm === 'master', () => risk('REALM_MASTER', `remediation works at ${id} in the realm master, whose clients can be given every realm`, 'make its client in the realm that it changes')),
  ]
} // prettier-ignore

/** One secret for two systems can do at each what it may at the other. */
function sharedFiles(systems: readonly SystemSettings[]): Advice[] {
  const files = systems.map((one) => (one.kind === 'keycloak' ? one.clientSecretFile : one.tokenFile))
  const shared = [...new Set(files.filter((file, index) => files.indexOf(file) !== index))]
  return shared.map((file) => risk('SECRET_SHARED', `${file} is the secret of several systems of remediation`, 'give each system one of its own, with its own rights'))
} // prettier-ignore

function ofUrls({ remediation, notifications }: Found): Advice[] {
  const { systems = [], receivers = [] } = remediation ?? {}
  const urls = [
    ...systems.map(({ id, url }) => ({ id, url })),
    ...receivers.flatMap((one) => (one.kind === 'csv' ? [] : [{ id: one.id, url: one.url }])),
    ...(notifications?.webhooks ?? []).map(({ id, url }) => ({ id, url })),
  ]
  return urls.flatMap(({ id, url }) =>
    when(url.protocol === 'http:', () => isLoopback(url.hostname)
      ? look('OUTSIDE_WITHOUT_TLS', `${id} is asked in clear at ${url.host} of this machine`, 'see that nobody else can listen at that port, or use https')
      : risk('OUTSIDE_WITHOUT_TLS', `${id} is asked in clear at ${url.host}: its secret travels with each request`, 'use https')),
  )
} // prettier-ignore
