import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Federation, SourceInstance } from '@catena/domain'
import { parse, YAMLError } from 'yaml'
import type { z } from 'zod'
import { accessOf, type AccessSettings } from './access-schema.js'
import { ConfigurationError } from './configuration-error.js'
import { notificationOf, type NotificationSettings } from './notification-schema.js'
import { remediationOf, type RemediationSettings } from './remediation-schema.js'
import { secretsInFile, secretsInText, type Secrets } from './secrets.js'
import type { Settings } from './settings.js'
import { configurationSchema, type SourceEntry, type WalkEntry } from './source-schema.js'

/** Bounds of the walk, ms (docs/chain.md). */
export interface WalkLimits {
  readonly skewMaxMs?: number
  readonly sessionMaxMs?: number
  readonly attemptMaxMs?: number
  readonly custodyMaxMs?: number
}

export interface Configuration {
  /** Undefined: there is no file, so no sources are configured. */
  readonly file: string | undefined
  readonly sources: readonly SourceInstance[]
  /** What the operator set of the rules of the walk; everything else keeps its default. */
  readonly walk: WalkLimits
  /** Source id → the secrets that sign its webhooks, each accepted. Apart from the sources, so that no listing of them can show it. */
  readonly webhookSecrets: ReadonlyMap<string, Secrets>
  /** Who may use it; undefined: as ACCESS_DEFAULTS say. */
  readonly access?: AccessSettings
  /** What campaigns may carry out; undefined: everything is left to people. */
  readonly remediation?: RemediationSettings
  /** How people are told of their reviews; undefined: they look for themselves. */
  readonly notifications?: NotificationSettings
}

type Environment = Readonly<Record<string, string | undefined>>

/** CATENA_CONFIG, else ./catena.yaml, else <data>/catena.yaml. Throws ConfigurationError with every mistake. */
export async function loadConfiguration(
  settings: Pick<Settings, 'configFile' | 'dataFolder'>,
  env: Environment,
  folder = process.cwd(),
): Promise<Configuration> {
  const candidates = [join(folder, 'catena.yaml'), join(settings.dataFolder, 'catena.yaml')]
  const file = settings.configFile ?? candidates.find((candidate) => existsSync(candidate))
  if (file === undefined) return { file: undefined, sources: [], walk: {}, webhookSecrets: new Map() }
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ConfigurationError(file, [
      `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}): check CATENA_CONFIG`,
    ])
  })
  return readConfiguration(content, file, env)
}

/** The content of catena.yaml → sources. Secret files are relative to the file's folder. */
export async function readConfiguration(content: string, file: string, env: Environment): Promise<Configuration> {
  const written = parseYaml(content, file) ?? {}
  const parsed = configurationSchema.safeParse(written)
  const problems = repeatedIds(written)
  if (!parsed.success) throw new ConfigurationError(file, [...parsed.error.issues.flatMap(describeIssue), ...problems])
  const webhookSecrets = new Map<string, Secrets>()
  for (const [index, entry] of parsed.data.sources.entries()) {
    const secrets = webhookSecretsOf(entry, dirname(file), env)
    if (secrets === undefined) continue
    webhookSecrets.set(entry.id, secrets)
    if ((await secrets.read()).length === 0) problems.push(`sources[${index}].${missingSecret(entry)}`)
  }
  if (problems.length > 0) throw new ConfigurationError(file, problems)
  const { remediation, notifications } = parsed.data
  const resolveFile = (path: string): string => resolve(dirname(file), path)
  return {
    file,
    sources: parsed.data.sources.map(sourceOf),
    walk: limitsOf(parsed.data.walk),
    webhookSecrets,
    access: accessOf(parsed.data.access, resolveFile),
    ...(remediation === undefined ? {} : { remediation: remediationOf(remediation, resolveFile) }),
    ...(notifications === undefined ? {} : { notifications: notificationOf(notifications, resolveFile) }),
  }
}

/** The parser's own messages quote the text, which may hold a secret: place and code are enough. */
function parseYaml(content: string, file: string): unknown {
  try {
    return parse(content, { prettyErrors: true })
  } catch (error) {
    if (!(error instanceof YAMLError)) throw new ConfigurationError(file, ['is no YAML'])
    const place = error.linePos?.[0]
    throw new ConfigurationError(file, [
      `line ${place?.line ?? '?'}, column ${place?.col ?? '?'} is no YAML (${error.code})`,
    ])
  }
}

/** Looked for in what was written, so that it is told together with whatever else is wrong there. */
function repeatedIds(written: unknown): string[] {
  const { sources } = written as { sources?: unknown }
  if (!Array.isArray(sources)) return []
  const ids = sources.map((source: unknown) => (source as { id?: unknown } | null)?.id)
  return ids.flatMap((id, index) => {
    const first = ids.indexOf(id)
    return id === undefined || first === index
      ? []
      : [`sources[${index}].id is the id of sources[${first}] too: every source needs its own`]
  })
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== 'unrecognized_keys') return [`${pathText(issue.path)} ${issue.message}`]
  return issue.keys.map((key) => `${pathText([...issue.path, key])} ${unknownMember(key, issue.message)}`)
}

function unknownMember(key: string, message: string): string {
  if (/secret/i.test(key))
    return 'is unknown: name the secret by webhook_secret_env or webhook_secret_file, never write it here'
  return `is unknown: its object ${message}`
}

/** `sources[2].federations[0].mount` */
function pathText(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  return steps === '' ? 'the file' : steps.replace(/^\./, '')
}

function webhookSecretsOf(
  { webhook_secret_env: variable, webhook_secret_file: file }: SourceEntry,
  folder: string,
  env: Environment,
): Secrets | undefined {
  if (variable !== undefined) return secretsInText(env[variable] ?? '')
  return file === undefined ? undefined : secretsInFile(resolve(folder, file))
}

function missingSecret({ webhook_secret_env: variable }: SourceEntry): string {
  return variable === undefined
    ? 'webhook_secret_file names a file that is empty or cannot be read'
    : `webhook_secret_env names the variable ${variable}, which is not set`
}

function limitsOf(entry: WalkEntry): WalkLimits {
  return {
    ...(entry.clock_skew_max === undefined ? {} : { skewMaxMs: entry.clock_skew_max }),
    ...(entry.session_max === undefined ? {} : { sessionMaxMs: entry.session_max }),
    ...(entry.attempt_max === undefined ? {} : { attemptMaxMs: entry.attempt_max }),
    ...(entry.custody_max === undefined ? {} : { custodyMaxMs: entry.custody_max }),
  }
}

function sourceOf(entry: SourceEntry): SourceInstance {
  return {
    id: entry.id,
    kind: entry.kind,
    scope: entry.scope,
    federations: entry.federations.map(federationOf),
    sharedIdentities: entry.shared_identities,
    ...(entry.heartbeat === undefined ? {} : { heartbeatSeconds: entry.heartbeat / 1000 }),
    gaps: entry.gaps,
  }
}

function federationOf(entry: SourceEntry['federations'][number]): Federation {
  return {
    mount: entry.mount,
    issuer: entry.issuer,
    claims: entry.claims,
    ...(entry.client === undefined ? {} : { client: entry.client }),
    ...(entry.session_max === undefined ? {} : { sessionMaxMs: entry.session_max }),
  }
}
