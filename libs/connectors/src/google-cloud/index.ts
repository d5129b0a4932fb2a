import type { Connector } from '@catena/domain'
import { identifyLogEntry } from './identify.js'
import { interpretLogEntry } from './interpret.js'
import { parseLogEntry } from './parse.js'
import { redactLogEntry } from './redact.js'

/** Google Cloud: the audit logs of an organisation's projects. */
export const googleCloud: Connector = {
  kind: 'google-cloud',
  version: 5,
  redactionVersion: 2,
  parse: parseLogEntry,
  identify: identifyLogEntry,
  redact: redactLogEntry,
  interpret: interpretLogEntry,
}
