import type { Connector } from '@catena/domain'
import { parseObject } from '../parsing.js'
import { identifyScim } from './identify.js'
import { interpretScim } from './interpret.js'
import { redactScim } from './redact.js'

/** SCIM 2.0: what a provisioning client said of users and groups, request by request. */
export const scim: Connector = {
  kind: 'scim',
  version: 4,
  redactionVersion: 4,
  parse: parseObject,
  identify: identifyScim,
  redact: redactScim,
  interpret: interpretScim,
}
