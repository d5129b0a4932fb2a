import type { JsonObject } from '@catena/domain'

/** The server log's default format: `2026-11-23T04:58:16.922Z [INFO]  expiration: revoked lease: lease_id=…`. */
const LINE = /^(\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d)) \[(TRACE|DEBUG|INFO|WARN|ERROR)\] {1,2}(.{1,20000})$/s

/** Module before the first colon; Vault's modules are words with dots. */
const MODULE = /^([\w.-]{1,80}): (.*)$/s

/** The same members as the log has in JSON; undefined for another line. Of the values only a lease id is read. */
export function parseServerText(line: string): JsonObject | undefined {
  const [, timestamp, level, rest] = LINE.exec(line) ?? []
  if (timestamp === undefined || level === undefined || rest === undefined) return undefined
  const [, module, told = rest] = MODULE.exec(rest) ?? []
  const [, message = told, values] = /^(.{1,2000}?): ([\w@-]{1,40}=.*)$/s.exec(told) ?? []
  const leaseId = leaseIdIn(values ?? '')
  return {
    '@level': level.toLowerCase(),
    '@message': message,
    ...(module === undefined ? {} : { '@module': module }),
    '@timestamp': timestamp,
    ...(leaseId === undefined ? {} : { lease_id: leaseId }),
  }
}

/** Values with a space are quoted; a lease id is a path. */
function leaseIdIn(values: string): string | undefined {
  return /^lease_id=([^\s"]{1,1000})(?: |$)/.exec(values)?.[1]
}
