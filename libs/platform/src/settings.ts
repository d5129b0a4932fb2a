import { join, resolve } from 'node:path'
import { z } from 'zod'
import { ConfigurationError } from './configuration-error.js'
import { withPasswordFile } from './database-password.js'
import { kafkaVariables, readKafka, type KafkaSettings } from './kafka/settings.js'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What the environment says about this process. */
export interface Settings {
  /** Undefined: use the embedded server. */
  readonly databaseUrl: string | undefined
  /** Undefined: records come from files and HTTP only. */
  readonly kafka: KafkaSettings | undefined
  /** Absolute. */
  readonly dataFolder: string
  /** CATENA_CONFIG, when set: then the file must exist. */
  readonly configFile: string | undefined
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly logLevel: LogLevel
  readonly installationKeyFile: string
}

const KNOWN = [
  'CATENA_URL',
  'CATENA_TOKEN',
  'CATENA_DATA',
  'CATENA_CONFIG',
  'CATENA_HOST',
  'CATENA_PORT',
  'CATENA_INSTALLATION_KEY_FILE',
]
/** Names that `webhook_secret_env` of the configuration may use. */
const WEBHOOK_PREFIX = 'CATENA_WEBHOOK_'
/** Names that destinations of the export may use for their secrets. */
const EXPORT_PREFIX = 'CATENA_EXPORT_'

/** An empty variable counts as absent, as most shells and compose files mean it. */
const optional = z
  .string()
  .transform((text) => (text === '' ? undefined : text))
  .optional()

const schema = z.object({
  DATABASE_URL: optional.refine((text) => text === undefined || /^postgres(ql)?:\/\/[^\s]+$/.test(text) && URL.canParse(text),
    'must be a URL such as postgresql://user:password@host:5432/catena'),
  DATABASE_PASSWORD_FILE: optional,
  ...kafkaVariables,
  CATENA_DATA: optional,
  CATENA_CONFIG: optional,
  CATENA_HOST: optional,
  CATENA_PORT: optional.refine((text) => text === undefined || (/^\d{1,5}$/.test(text) && Number(text) <= 65_535), 'must be a port from 0 to 65535'),
  CATENA_INSTALLATION_KEY_FILE: optional,
  LOG_LEVEL: z.enum(['', ...LOG_LEVELS], `must be one of ${LOG_LEVELS.join(', ')}`).optional(),
}) // prettier-ignore

/** Port of the API; other processes of an installation have others, so that all can run on one machine. */
export const PORT_DEFAULT = 4600

/** Throws ConfigurationError with every wrong variable. */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  folder = process.cwd(),
  defaults = { port: PORT_DEFAULT },
): Settings {
  const parsed = schema.safeParse(env)
  const problems = unknownNames(env)
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  const kafka = parsed.success ? readKafka(parsed.data, problems) : undefined
  const databaseUrl = parsed.success ? readDatabaseUrl(parsed.data, folder, problems) : undefined
  if (!parsed.success || problems.length > 0) throw new ConfigurationError('the environment', problems)
  const variables = parsed.data
  const dataFolder = resolve(folder, variables.CATENA_DATA ?? '.catena')
  return {
    databaseUrl,
    kafka,
    dataFolder,
    configFile: variables.CATENA_CONFIG === undefined ? undefined : resolve(folder, variables.CATENA_CONFIG),
    host: variables.CATENA_HOST ?? '127.0.0.1',
    port: Number(variables.CATENA_PORT ?? defaults.port),
    logLevel: variables.LOG_LEVEL || 'info',
    installationKeyFile: resolve(
      folder,
      variables.CATENA_INSTALLATION_KEY_FILE ?? join(dataFolder, 'installation.key'),
    ),
  }
}

/** The password stays in its file, which the URL names. */
function readDatabaseUrl(
  { DATABASE_URL: url, DATABASE_PASSWORD_FILE: file }: z.infer<typeof schema>,
  folder: string,
  problems: string[],
): string | undefined {
  if (file === undefined) return url
  if (url === undefined) problems.push('DATABASE_PASSWORD_FILE needs DATABASE_URL')
  else if (new URL(url).password !== '') problems.push('DATABASE_URL and DATABASE_PASSWORD_FILE both give a password: keep the file') // prettier-ignore
  return url === undefined ? undefined : withPasswordFile(url, resolve(folder, file))
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter(
      (name) =>
        name.startsWith('CATENA_') &&
        !KNOWN.includes(name) &&
        !name.startsWith(WEBHOOK_PREFIX) &&
        !name.startsWith(EXPORT_PREFIX),
    )
    .map((name) => `${name} is no setting of Catena; there are ${KNOWN.join(', ')}`)
}
