import type { Connector } from '@catena/domain'
import { parseObject } from '../parsing.js'
import { identifyLine } from './identify.js'
import { interpretLine } from './interpret.js'
import { redactLine } from './redact.js'

/** SPIRE: audit log and signing lines of the servers of one trust domain. */
export const spire: Connector = {
  kind: 'spire',
  version: 2,
  redactionVersion: 3,
  parse: parseObject,
  identify: identifyLine,
  redact: redactLine,
  interpret: interpretLine,
}
