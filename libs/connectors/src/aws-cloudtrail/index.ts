import type { Connector } from '@catena/domain'
import { parseObject } from '../parsing.js'
import { identifyEvent } from './identify.js'
import { interpretEvent } from './interpret.js'
import { withoutKnownToken } from './lift.js'
import { redactEvent } from './redact.js'

/** AWS CloudTrail: events of one organisation's or account's trail. */
export const awsCloudtrail: Connector = {
  kind: 'aws-cloudtrail',
  version: 5,
  redactionVersion: 3,
  upcasters: { 1: withoutKnownToken },
  parse: parseObject,
  identify: identifyEvent,
  redact: redactEvent,
  interpret: interpretEvent,
}
