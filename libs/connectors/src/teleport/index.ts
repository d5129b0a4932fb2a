import type { Connector } from '@catena/domain'
import { parseObject } from '../parsing.js'
import { identifyEvent } from './identify.js'
import { interpretEvent } from './interpret.js'
import { redactEvent } from './redact.js'

/** Teleport: the audit events of one cluster. */
export const teleport: Connector = {
  kind: 'teleport',
  version: 5,
  redactionVersion: 4,
  parse: parseObject,
  identify: identifyEvent,
  redact: redactEvent,
  interpret: interpretEvent,
}
