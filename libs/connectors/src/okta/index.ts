import type { Connector } from '@catena/domain'
import { identifyOkta } from './identify.js'
import { interpretOkta } from './interpret.js'
import { parseOkta } from './parse.js'
import { redactOkta } from './redact.js'

/** Okta: the System Log of one organisation. */
export const okta: Connector = {
  kind: 'okta',
  version: 7,
  redactionVersion: 4,
  parse: parseOkta,
  identify: identifyOkta,
  redact: redactOkta,
  interpret: interpretOkta,
}
