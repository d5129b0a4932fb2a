import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { listTokens, localTokenFile } from '@catena/callers'
import {
  ACCESS_DEFAULTS,
  connect,
  loadConfiguration,
  readSettings,
  type AccessSettings,
  type Configuration,
  type Settings,
} from '@catena/platform'
import type { CliContext } from '../context.js'
import type { Found, FoundDatabase, FoundFile } from './found.js'

const TOKENS_MAX = 10_000

/** Looks, and changes nothing. Throws ConfigurationError: what cannot be read cannot be judged. */
export async function lookAround(context: Pick<CliContext, 'env' | 'now' | 'openInstance'>): Promise<Found> {
  const settings = readSettings(context.env)
  const configuration = await loadConfiguration(settings, context.env)
  const access = configuration.access ?? ACCESS_DEFAULTS
  const { webhookSecrets, sources } = configuration
  return {
    now: context.now(),
    settings,
    access,
    sources,
    webhookSecretLengths: new Map([...webhookSecrets].map(([id, secret]) => [id, secret.length])),
    files: await Promise.all(filesOf(settings, configuration, access).map(looked)),
    certificateEndsAt: await certificateEnd(access),
    runsAsRoot: process.getuid?.() === 0,
    database: await lookAtDatabase(context).catch(() => undefined),
  }
}

type Named = Omit<FoundFile, 'mode'>

function filesOf(settings: Settings, { file }: Configuration, { tls, provider }: AccessSettings): Named[] {
  const secret = (use: string, path: string): Named => ({ use, path, isSecret: true })
  const { clientSecret } = provider ?? {}
  const token = localTokenFile(settings.dataFolder)
  return [
    ...(existsSync(settings.installationKeyFile) ? [secret('the installation key', settings.installationKeyFile)] : []),
    ...(existsSync(token) ? [secret('the local token', token)] : []),
    ...(tls === undefined ? [] : [secret('the TLS key', tls.keyFile), { use: 'the TLS certificate', path: tls.certFile, isSecret: false }]),
    ...(clientSecret !== undefined && 'file' in clientSecret ? [secret('the client secret', clientSecret.file)] : []),
    ...(file === undefined ? [] : [{ use: 'the configuration', path: file, isSecret: false }]),
    ...(existsSync(settings.dataFolder) ? [{ use: 'the data folder', path: settings.dataFolder, isSecret: false }] : []),
  ]
} // prettier-ignore

async function looked(file: Named): Promise<FoundFile> {
  const found = await stat(file.path).catch(() => undefined)
  return { ...file, mode: found === undefined ? undefined : found.mode & 0o777 }
}

async function certificateEnd({ tls }: AccessSettings): Promise<number | undefined> {
  if (tls === undefined) return undefined
  try {
    return Date.parse(new X509Certificate(await readFile(tls.certFile)).validTo)
  } catch {
    return undefined
  }
}

interface Row {
  user: string
  superuser: boolean
  owns: boolean
  ssl: boolean
  now: Date
}

async function lookAtDatabase(context: Pick<CliContext, 'now' | 'openInstance'>): Promise<FoundDatabase> {
  const instance = await context.openInstance()
  try {
    const client = await connect(instance.databaseUrl, { applicationName: 'catena-doctor' })
    try {
      const { rows } = await client.query<Row>(
        `SELECT current_user AS "user", rolsuper AS superuser, clock_timestamp() AS now,
           EXISTS (SELECT FROM pg_class WHERE oid = to_regclass('event') AND relowner = pg_roles.oid) AS owns,
           coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS ssl
         FROM pg_roles WHERE rolname = current_user`,
      )
      const [row] = rows
      if (row === undefined) throw new Error('the database does not know its own user')
      const now = context.now()
      const tokens = await listTokens(client, undefined, { limit: TOKENS_MAX }, now)
      const active = tokens.items.map(({ item }) => item).filter(({ status }) => status === 'active')
      const { user, owns: ownsLedger, superuser: isSuperuser, ssl: isEncrypted } = row
      return { user, ownsLedger, isSuperuser, isEncrypted, skewMs: now - row.now.getTime(), tokens: active }
    } finally {
      await client.end()
    }
  } finally {
    await instance.close()
  }
}
