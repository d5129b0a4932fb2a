import type { Connector } from '@catena/domain'
import { parseObject } from '../parsing.js'
import { identifyEvent } from './identify.js'
import { interpretEvent } from './interpret.js'
import { redactEvent } from './redact.js'

/** CloudEvents 1.0 in Catena's profile: agents, in-house systems, tickets, deployments. */
export const cloudevents: Connector = {
  kind: 'cloudevents',
  version: 4,
  redactionVersion: 2,
  parse: parseObject,
  identify: identifyEvent,
  redact: redactEvent,
  interpret: interpretEvent,
}
