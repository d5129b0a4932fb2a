import type { Connector } from '@catena/domain'
import { parseObject } from '../parsing.js'
import { identifyKeyVault } from './identify.js'
import { interpretKeyVault } from './interpret.js'
import { redactKeyVault } from './redact.js'

/** Azure Key Vault: requests to vaults, and the activity log of their subscriptions. */
export const azureKeyVault: Connector = {
  kind: 'azure-key-vault',
  version: 5,
  redactionVersion: 2,
  parse: parseObject,
  identify: identifyKeyVault,
  redact: redactKeyVault,
  interpret: interpretKeyVault,
}
