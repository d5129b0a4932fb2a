import type { Connector } from '@catena/domain'
import { identifyEntra } from './identify.js'
import { interpretEntra } from './interpret.js'
import { parseEntra } from './parse.js'
import { redactEntra } from './redact.js'

/** Microsoft Entra ID: sign-ins, directory audit, privileged access and requests to Graph of one tenant. */
export const entra: Connector = {
  kind: 'entra',
  version: 5,
  redactionVersion: 3,
  parse: parseEntra,
  identify: identifyEntra,
  redact: redactEntra,
  interpret: interpretEntra,
}
