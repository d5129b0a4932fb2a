import type { Connector } from '@catena/domain'
import { identifyRecord } from './identify.js'
import { interpretRecord } from './interpret.js'
import { parseRecord, withoutHeader } from './parse.js'
import { redactRecord } from './redact.js'

/** CyberArk: records of one vault by syslog (JSON, CEF, LEEF), and events of the platform's audit service. */
export const cyberark: Connector = {
  kind: 'cyberark',
  version: 5,
  redactionVersion: 2,
  parse: parseRecord,
  withoutPrefix: withoutHeader,
  identify: identifyRecord,
  redact: redactRecord,
  interpret: interpretRecord,
}
