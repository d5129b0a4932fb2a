import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { listTokens, localTokenFile } from '@catena/callers'
import {
  ACCESS_DEFAULTS,
  connect,
  loadConfiguration,
  passwordFileOf,
  readSettings,
  secretsInFile,
  type AccessSettings,
  type Configuration,
  type Settings,
} from '@catena/platform'
import type { CliContext } from '../context.js'
import type { Found, FoundDatabase, FoundFile } from './found.js'
import { outsideFilesOf, signingFilesOf } from './outside-files.js'

const TOKENS_MAX = 10_000

/** Looks, and changes nothing. Throws ConfigurationError: what cannot be read cannot be judged. */
export async function lookAround(context: Pick<CliContext, 'env' | 'now' | 'openInstance'>): Promise<Found> {
  const settings = readSettings(context.env)
  const configuration = await loadConfiguration(settings, context.env)
  const access = configuration.access ?? ACCESS_DEFAULTS
  const { sources, remediation, notifications } = configuration
  return {
    now: context.now(),
    settings,
    access,
    sources,
    remediation,
    notifications,
    webhookSecretLengths: await lengthsOf(configuration),
    signingSecretLengths: await signingLengthsOf(configuration),
    files: await Promise.all(
      [...filesOf(settings, configuration, access), ...outsideFilesOf(configuration)].map(looked),
    ),
    certificateEndsAt: await certificateEnd(access),
    runsAsRoot: process.getuid?.() === 0,
    database: await lookAtDatabase(context).catch(() => undefined),
  }
}

async function lengthsOf({ webhookSecrets }: Configuration): Promise<Map<string, number[]>> {
  const entries = [...webhookSecrets].map(async ([id, secrets]) => [id, lengths(await secrets.read())] as const)
  return new Map(await Promise.all(entries))
}

async function signingLengthsOf(configuration: Configuration): Promise<Map<string, number>> {
  const entries = signingFilesOf(configuration).map(async (file) => [file, lengths(await secretsInFile(file).read())[0]] as const)
  return new Map((await Promise.all(entries)).flatMap(([file, length]) => (length === undefined ? [] : [[file, length]])))
} // prettier-ignore

function lengths(secrets: readonly string[]): number[] {
  return secrets.map(({ length }) => length)
}

type Named = Omit<FoundFile, 'mode'>

function filesOf(settings: Settings, { file }: Configuration, { tls, provider, keysFile }: AccessSettings): Named[] {
  const secret = (use: string, path: string): Named => ({ use, path, isSecret: true })
  const { clientSecret } = provider ?? {}
  const token = localTokenFile(settings.dataFolder)
  const password = settings.databaseUrl === undefined ? undefined : passwordFileOf(settings.databaseUrl)
  return [
    ...(existsSync(settings.installationKeyFile) ? [secret('the installation key', settings.installationKeyFile)] : []),
    ...(existsSync(token) ? [secret('the local token', token)] : []),
    ...(password === undefined ? [] : [secret('the password of the database', password)]),
    ...(tls === undefined ? [] : [secret('the TLS key', tls.keyFile), { use: 'the TLS certificate', path: tls.certFile, isSecret: false }]),
    ...(keysFile === undefined ? [] : [secret('the keys of callers', keysFile)]),
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
      const asked = context.now()
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
      return {
        user,
        ownsLedger,
        isSuperuser,
        isEncrypted,
        skewMs: skewOf(row.now.getTime(), { asked, answered: now }),
        tokens: active,
      }
    } finally {
      await client.end()
    }
  } finally {
    await instance.close()
  }
}

/** Our clock minus another's, ms: what the time between question and answer does not explain. */
export function skewOf(theirs: number, ours: { readonly asked: number; readonly answered: number }): number {
  if (theirs < ours.asked) return ours.asked - theirs
  return theirs > ours.answered ? ours.answered - theirs : 0
}
