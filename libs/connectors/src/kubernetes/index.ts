import type { Connector } from '@catena/domain'
import { parseObject } from '../parsing.js'
import { identifyEvent } from './identify.js'
import { interpretEvent } from './interpret.js'
import { redactEvent } from './redact.js'

/** Kubernetes: the audit log of one cluster's API server. */
export const kubernetes: Connector = {
  kind: 'kubernetes',
  version: 4,
  redactionVersion: 4,
  parse: parseObject,
  identify: identifyEvent,
  redact: redactEvent,
  interpret: interpretEvent,
}
