import { isLoopback } from '@catena/platform'
import { look, risk, unknown, when } from './advice.js'
import { examineOutside, SECRET_LENGTH_MIN } from './examine-outside.js'
import type { Advice, Found, FoundDatabase, FoundFile } from './found.js'

const DAY_MS = 86_400_000
const PASSWORD_LENGTH_MIN = 16
const SESSION_MAX_MS = DAY_MS
/** A token that nobody used for so long is forgotten, ms. */
const TOKEN_UNUSED_MAX_MS = 90 * DAY_MS
const CERTIFICATE_LEFT_MIN_MS = 21 * DAY_MS
/** Tokens of the identity provider are off by at most 30 s, and records are put in order by their time. */
const SKEW_LOOK_MS = 1_000
const SKEW_RISK_MS = 15_000

/** Everything risky about an installation, in words; the gravest first. Pure: it says what was found and knows no secret. */
export function examine(found: Found): Advice[] {
  const all = [
    ...ofDoor(found),
    ...ofPeople(found),
    ...ofKafka(found),
    ...ofDatabaseUrl(found),
    ...ofFiles(found.files),
    ...ofSources(found),
    ...examineOutside(found),
    ...ofDatabase(found),
    unknown('BACKUP_UNKNOWN', 'Catena does not see its backups', 'check yourself when the last one was restored: docs/operations.md'),
  ] // prettier-ignore
  return (['risk', 'look', 'unknown'] as const).flatMap((weight) => all.filter((one) => one.weight === weight))
}

function ofDoor({ settings: { host }, access, certificateEndsAt, now, runsAsRoot }: Found): Advice[] {
  const isPublic = !isLoopback(host)
  const behindProxy = access.url?.startsWith('https:') === true
  const left = certificateEndsAt === undefined ? undefined : certificateEndsAt - now
  return [
    ...when(isPublic && access.tls === undefined && !behindProxy, () => risk('NO_TLS', `${host} answers others without TLS: tokens and evidence travel in clear`, 'set access.tls, or access.url to the https:// address of a proxy in front')),
    ...when(isPublic && access.tls === undefined && behindProxy, () => look('TLS_BY_PROXY', `${host} answers without TLS, and access.url says that a proxy has it`, 'let nobody but the proxy reach this port')),
    ...when(isPublic && access.provider === undefined, () => risk('NO_PROVIDER', `${host} is open to others and no identity provider says who they are`, 'set access.provider; until then Catena refuses to start there')),
    ...when(access.tls !== undefined && left === undefined, () => unknown('CERTIFICATE_UNREAD', 'the TLS certificate cannot be read', 'check access.tls.cert_file')),
    ...when(left !== undefined && left <= 0, () => risk('CERTIFICATE_ENDED', 'the TLS certificate has ended', 'exchange its files: that counts within a minute')),
    ...when(left !== undefined && left > 0 && left < CERTIFICATE_LEFT_MIN_MS, () => look('CERTIFICATE_ENDS', `the TLS certificate ends in ${Math.ceil((left ?? 0) / DAY_MS)} days`, 'exchange its files: that counts within a minute')),
    ...when(runsAsRoot, () => look('ROOT', 'this command runs as root; a Catena that does so too can do more than it needs', 'run it as a user of its own')),
  ] // prettier-ignore
}

function ofPeople({ access: { sessionMaxMs, separatesDuties, provider } }: Found): Advice[] {
  return [
    ...when(sessionMaxMs > SESSION_MAX_MS, () => look('LONG_SESSIONS', `sessions last up to ${Math.round(sessionMaxMs / 3_600_000)} h`, 'set access.session_max to a working day: roles are taken away at the next login')),
    ...when(!separatesDuties, () => risk('DUTIES_TOGETHER', 'one person may operate Catena and read or certify evidence', 'remove access.separate_duties: false')),
    ...when(provider !== undefined && provider.clientSecret === undefined, () => look('PUBLIC_CLIENT', 'Catena is a public client of the identity provider', 'set access.provider.client_secret_file')),
    ...when(provider !== undefined && provider.roles.size + provider.rolesWithin.size === 0, () => look('NO_ROLES', 'no group of the identity provider gives a role, so nobody may do anything', 'set access.provider.roles')),
  ] // prettier-ignore
}

function ofKafka({ settings: { kafka } }: Found): Advice[] {
  const away = (kafka?.brokers ?? []).filter((broker) => !isLoopback(broker.replace(/:\d+$/, '')))
  if (kafka === undefined || away.length === 0) return []
  return [
    ...when(!kafka.ssl, () => risk('BROKER_WITHOUT_TLS', `records come from ${away.join(', ')} without TLS: who sits between can read and invent them`, 'set KAFKA_SSL=true')),
    ...when(kafka.sasl === undefined, () => look('BROKER_WITHOUT_LOGIN', 'Catena does not sign in at the brokers', 'set KAFKA_SASL_MECHANISM, and let few write to the topics')),
  ] // prettier-ignore
}

function ofDatabaseUrl({ settings: { databaseUrl } }: Found): Advice[] {
  if (databaseUrl === undefined || !URL.canParse(databaseUrl)) return []
  const { password, username, hostname } = new URL(databaseUrl)
  const isWeak = password !== '' && (password.length < PASSWORD_LENGTH_MIN || password === username)
  return when(isWeak && !isLoopback(hostname), () => risk('WEAK_DATABASE_PASSWORD', 'the password of DATABASE_URL is short or the name of its user', `give the user a random one of ${PASSWORD_LENGTH_MIN} characters or more`)) // prettier-ignore
}

function ofFiles(files: readonly FoundFile[]): Advice[] {
  return files.flatMap(({ path, use, isSecret, mode }) => {
    if (mode === undefined) return [unknown('FILE_UNSEEN', `${use} (${path}) is not there or cannot be looked at`, 'check the path, and run this command as the user of Catena')] // prettier-ignore
    if (isSecret && (mode & 0o077) !== 0) return [risk('SECRET_READABLE', `${use} (${path}) is open to other users`, `chmod 600 ${path}, and exchange the secret: others may know it`)] // prettier-ignore
    return when((mode & 0o022) !== 0, () => risk('FILE_WRITABLE', `${use} (${path}) can be changed by other users`, `chmod go-w ${path}`)) // prettier-ignore
  })
}

function ofSources({ sources, webhookSecretLengths }: Found): Advice[] {
  return sources.flatMap(({ id, kind, heartbeatSeconds }) => {
    const lengths = webhookSecretLengths.get(id)
    const shortest = lengths === undefined ? undefined : Math.min(...lengths)
    const hasWebhooks = kind === 'github' || kind === 'gitlab'
    return [
      ...when(hasWebhooks && lengths === undefined, () => look('SOURCE_UNSIGNED', `nothing signs what source ${id} sends: whoever has a token for it can invent its records`, `set webhook_secret_file of ${id}`)),
      ...when(shortest !== undefined && shortest < SECRET_LENGTH_MIN, () => risk('WEAK_WEBHOOK_SECRET', `the webhook secret of source ${id} has ${shortest} characters`, `exchange it for a random one of ${SECRET_LENGTH_MIN} or more`)),
      ...when((lengths?.length ?? 0) > 1, () => look('SECRET_IN_EXCHANGE', `source ${id} has ${lengths?.length} webhook secrets that are accepted`, 'once the sender signs by the new one, take the old one out')),
      ...when(heartbeatSeconds === undefined, () => look('SOURCE_MAY_FALL_SILENT', `nobody is told when source ${id} falls silent`, `set heartbeat of ${id}`)),
    ] // prettier-ignore
  })
}

function ofDatabase({ database, now, settings }: Found): Advice[] {
  if (database === undefined) return [unknown('DATABASE_UNSEEN', 'the database was not reached: its roles, clock and tokens were not looked at', 'start Catena or its database, and ask again')] // prettier-ignore
  const { user, ownsLedger, isSuperuser, isEncrypted, skewMs, tokens } = database
  const host = settings.databaseUrl === undefined ? 'localhost' : new URL(settings.databaseUrl).hostname
  const skew = `this machine's clock and the database's differ by ${(Math.abs(skewMs) / 1000).toFixed(1)} s`
  return [
    ...when(isSuperuser, () => risk('SUPERUSER', `Catena works at the database as ${user}, a superuser: nothing there guards the ledger`, 'give it a role of its own: docs/operations.md')),
    ...when(ownsLedger && !isSuperuser, () => risk('OWNER_AS_APPLICATION', `Catena works at the database as ${user}, who owns the ledger and can remove its triggers`, 'have an administrator run what Catena prints at its start')),
    ...when(!isEncrypted && !isLoopback(host) && host !== '', () => risk('DATABASE_WITHOUT_TLS', `the connection to ${host} is not encrypted`, 'add sslmode=verify-full to DATABASE_URL')),
    ...when(Math.abs(skewMs) >= SKEW_RISK_MS, () => risk('CLOCK_SKEW', skew, 'set both by NTP: tokens are refused and times of records mislead')),
    ...when(Math.abs(skewMs) >= SKEW_LOOK_MS && Math.abs(skewMs) < SKEW_RISK_MS, () => look('CLOCK_SKEW', skew, 'set both by NTP')),
    ...tokens.flatMap((token) => ofToken(token, now)),
  ] // prettier-ignore
}

function ofToken(token: FoundDatabase['tokens'][number], now: number): Advice[] {
  const name = `token ${token.name} (${token.id})`
  const revoke = `catena tokens revoke ${token.id}`
  return [
    ...when(!Number.isFinite(token.expiresAt), () => risk('TOKEN_WITHOUT_END', `${name} never expires`, revoke)),
    ...when(now - (token.lastUsedAt ?? token.issuedAt) > TOKEN_UNUSED_MAX_MS, () => look('TOKEN_UNUSED', `${name} was not used for 90 days`, revoke)),
    ...when(token.roles.includes('ingest') && token.sources.length === 0, () => look('TOKEN_FOR_ALL_SOURCES', `${name} may deliver for every source`, 'issue one for each sender with --source, and revoke it')),
  ] // prettier-ignore
}
