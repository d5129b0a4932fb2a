import type { Connector } from '@catena/domain'
import { parseDelivery } from './delivery.js'
import { identifyGithub } from './identify.js'
import { interpretGithub } from './interpret.js'
import { redactGithub } from './redact.js'

export { unsignedIn, wrapDelivery } from './delivery.js'
export { verifyGithubSignature } from './signature.js'

/** GitHub: webhook deliveries and the audit log of an organisation or enterprise. */
export const github: Connector = {
  kind: 'github',
  version: 4,
  redactionVersion: 2,
  parse: parseDelivery,
  identify: identifyGithub,
  redact: redactGithub,
  interpret: interpretGithub,
}
