import { pino, type DestinationStream, type Logger } from 'pino'
import { correlationId } from './correlation.js'
import type { LogLevel } from './settings.js'

export type { Logger }

/** Names under which secrets travel; their values never reach a log, at the top or one level down. */
const SECRET_NAMES = [
  'password', 'secret', 'token', 'accessToken', 'refreshToken', 'clientSecret', 'apiKey', 'authorization', 'cookie', 'salt',
  'key', 'databaseUrl', 'DATABASE_URL', 'payload', 'headers.authorization', 'headers.cookie', '["set-cookie"]',
] // prettier-ignore

/** One JSON object a line on standard output, time in RFC 3339, with the id of the request or batch that it belongs to. */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => ({ correlationId: correlationId() }),
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: SECRET_NAMES.flatMap((name) => [name, name.startsWith('[') ? `*${name}` : `*.${name}`]),
      censor: '[redacted]',
    },
    serializers: { err: describeFault, error: describeFault },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** Passwords inside URLs of messages are the secrets that errors like to quote. */
function describeFault(error: unknown): unknown {
  const fault = pino.stdSerializers.err(error as Error) as unknown
  if (typeof fault !== 'object' || fault === null) return fault
  const { type, message, stack } = fault as { type?: string; message?: string; stack?: string }
  return { type, message: withoutPasswords(message), stack: withoutPasswords(stack) }
}

function withoutPasswords(text: string | undefined): string | undefined {
  return text?.replace(/(\w+:\/\/[^\s:/@]*):[^\s@]*@/g, '$1:[redacted]@')
}
