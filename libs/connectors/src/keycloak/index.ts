import type { Connector } from '@catena/domain'
import { identifyKeycloak } from './identify.js'
import { interpretKeycloak } from './interpret.js'
import { parseKeycloak } from './parse.js'
import { redactKeycloak } from './redact.js'

/** Keycloak: user events, admin events, the server's log, snapshots of the user directory. */
export const keycloak: Connector = {
  kind: 'keycloak',
  version: 6,
  redactionVersion: 5,
  parse: parseKeycloak,
  identify: identifyKeycloak,
  redact: redactKeycloak,
  interpret: interpretKeycloak,
}
