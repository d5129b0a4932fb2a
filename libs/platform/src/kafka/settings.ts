import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parseDurationMs } from '../duration.js'
import { SESSION_TIMEOUT_MS } from './consume.js'

/** How to reach a Kafka cluster. */
export interface KafkaSettings {
  readonly brokers: readonly string[]
  readonly ssl: boolean
  /** PEM text of the authorities to trust instead of the system's. */
  readonly ca?: string
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    /** From a file: as the file has it when it is asked for, which the client does at each login. */
    readonly password: string
  }
  readonly sessionTimeoutMs: number
}

/** What Kafka brokers allow by default (`group.min.session.timeout.ms` is 6 s, some clusters set less). */
const SESSION_TIMEOUT_RANGE_MS = [1_000, 1_800_000] as const

const optional = z
  .string()
  .transform((text) => (text === '' ? undefined : text))
  .optional()
const flag = z
  .enum(['', 'true', 'false', '1', '0'], 'must be true or false')
  .optional()
  .transform((text) => text === 'true' || text === '1')

/** Part of the schema of the environment. */
export const kafkaVariables = {
  KAFKA_BROKERS: optional.refine(
    (text) => text === undefined || text.split(',').every((broker) => /^[^\s:/]+:\d+$/.test(broker.trim())),
    'must list brokers as host:port, separated by commas',
  ),
  KAFKA_SSL: flag,
  KAFKA_CA_FILE: optional,
  KAFKA_SASL_MECHANISM: z
    .enum(['', 'plain', 'scram-sha-256', 'scram-sha-512'], 'must be plain, scram-sha-256 or scram-sha-512')
    .optional(),
  KAFKA_USERNAME: optional,
  KAFKA_PASSWORD: optional,
  KAFKA_PASSWORD_FILE: optional,
  KAFKA_SESSION_TIMEOUT: optional.refine(
    (text) => text === undefined || isSessionTimeout(parseDurationMs(text)),
    'must be a duration from 1s to 30m, such as 30s',
  ),
}
export type KafkaVariables = z.infer<z.ZodObject<typeof kafkaVariables>>

/** Undefined: no Kafka. Adds what is wrong with several variables together to `problems`. */
export function readKafka(variables: KafkaVariables, problems: string[]): KafkaSettings | undefined {
  const { KAFKA_BROKERS: brokers, KAFKA_SSL: ssl } = variables
  const sasl = readSasl(variables, problems)
  const ca = readCa(variables, problems)
  if (brokers === undefined) return undefined
  return {
    brokers: brokers.split(',').map((broker) => broker.trim()),
    ssl,
    ...(ca === undefined ? {} : { ca }),
    ...(sasl === undefined ? {} : { sasl }),
    sessionTimeoutMs: parseDurationMs(variables.KAFKA_SESSION_TIMEOUT ?? '') ?? SESSION_TIMEOUT_MS,
  }
}

function readSasl(variables: KafkaVariables, problems: string[]): KafkaSettings['sasl'] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username } = variables
  const password = readPassword(variables, problems)
  if (mechanism && (username === undefined || password === undefined)) {
    problems.push('KAFKA_SASL_MECHANISM needs KAFKA_USERNAME and KAFKA_PASSWORD_FILE (or KAFKA_PASSWORD)')
  }
  if (!mechanism && (username !== undefined || password !== undefined))
    problems.push('KAFKA_USERNAME and KAFKA_PASSWORD need KAFKA_SASL_MECHANISM')
  if (!mechanism || username === undefined || password === undefined) return undefined
  return signedIn(mechanism, username, password, variables.KAFKA_PASSWORD_FILE)
}

/** A file that cannot be read for a moment leaves the password as it was. */
function signedIn(
  mechanism: NonNullable<KafkaSettings['sasl']>['mechanism'],
  username: string,
  password: string,
  file: string | undefined,
): KafkaSettings['sasl'] {
  let known = password
  return {
    mechanism,
    username,
    get password() {
      if (file !== undefined) known = readText(file)?.trimEnd() || known
      return known
    },
  }
}

function readPassword(
  { KAFKA_PASSWORD: password, KAFKA_PASSWORD_FILE: file }: KafkaVariables,
  problems: string[],
): string | undefined {
  if (file === undefined) return password
  if (password !== undefined) problems.push('KAFKA_PASSWORD and KAFKA_PASSWORD_FILE exclude each other: keep the file')
  const text = readText(file)
  if (text === undefined) problems.push('KAFKA_PASSWORD_FILE names a file that cannot be read')
  return text?.trimEnd()
}

function readCa({ KAFKA_CA_FILE: file, KAFKA_SSL: ssl }: KafkaVariables, problems: string[]): string | undefined {
  if (file === undefined) return undefined
  if (!ssl) problems.push('KAFKA_CA_FILE needs KAFKA_SSL=true')
  const text = readText(file)
  if (text === undefined) problems.push('KAFKA_CA_FILE names a file that cannot be read')
  else if (!text.includes('-----BEGIN CERTIFICATE-----'))
    problems.push('KAFKA_CA_FILE must name a PEM file of certificates')
  return text
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function isSessionTimeout(timeoutMs: number | undefined): boolean {
  const [least, most] = SESSION_TIMEOUT_RANGE_MS
  return timeoutMs !== undefined && timeoutMs >= least && timeoutMs <= most
}
