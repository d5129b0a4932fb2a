import type { Connector } from '@catena/domain'
import { parseObject } from '../parsing.js'
import { identifyEvent } from './identify.js'
import { interpretEvent } from './interpret.js'
import { redactEvent } from './redact.js'

/** 1Password: item usages, sign-in attempts and audit events of one account, as the Events API gives them. */
export const onepassword: Connector = {
  kind: 'onepassword',
  version: 4,
  redactionVersion: 3,
  parse: parseObject,
  identify: identifyEvent,
  redact: redactEvent,
  interpret: interpretEvent,
}
