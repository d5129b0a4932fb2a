import type { Connector } from '@catena/domain'
import { interpretAudit } from './audit.js'
import { identifyVault, isServerLine, parseVault, withoutPrefix } from './identify.js'
import { redactAudit, redactServer } from './redact.js'
import { interpretServer } from './server.js'

/** HashiCorp Vault and OpenBao: audit devices and the server log. */
export const vault: Connector = {
  kind: 'vault',
  version: 9,
  redactionVersion: 7,
  parse: parseVault,
  withoutPrefix,
  identify: identifyVault,
  redact: (record, mask, source) =>
    isServerLine(record) ? redactServer(record, mask) : redactAudit(record, mask, source),
  interpret: (record, source) =>
    record.stream === 'server' ? interpretServer(record, source) : interpretAudit(record, source),
}
