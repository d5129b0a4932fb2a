import { join } from 'node:path'
import type { DemoOrganisation } from './organisation.js'

/** Seven minutes of a real Vault and Keycloak. Its proven chain is a lease that a CI job obtained and whose end was seen. */
export const RECORDED: DemoOrganisation = {
  words: 'the records of an invented organisation (seven minutes of a real Vault and Keycloak, simulated CI)',
  folder: join(process.cwd(), 'test', 'recordings', 'vault-keycloak'),
  files: [
    ['vault', 'vault-audit-a.log.gz'],
    ['vault', 'vault-audit-b.log.gz'],
    ['vault', 'vault-server.log'],
    ['keycloak', 'keycloak-events.json'],
    ['keycloak', 'keycloak-admin-events.json'],
    ['keycloak', 'keycloak.log'],
    ['keycloak', 'keycloak-users.json'],
    ['github', 'ci-webhooks.simulated.jsonl'],
  ],
  term: 'database/creds/ci-migrate/ov9EpbnlRaQ6YkHGMHs3H3xA',
  other: 'secret/payments/stripe',
  incidents: [],
}
