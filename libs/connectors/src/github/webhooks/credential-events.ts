import {
  ACCOUNT,
  ALERT,
  ALERT_LOCATION,
  DEPLOY_KEY,
  INSTALLATION,
  LISTED_REPOSITORY,
  TOKEN_REQUEST,
} from './allowed.js'
import type { Change } from './change.js'
import { from, fromOnly, lifeOf, never } from './times.js'

const EXPOSING = ['created', 'reopened', 'publicly_leaked']

const ALERT_ATTRIBUTES = {
  alertNumber: 'alert.number',
  secretType: 'alert.secret_type',
  alertState: 'alert.state',
  resolution: 'alert.resolution',
  resolvedBy: 'alert.resolved_by.login',
  validity: 'alert.validity',
  publiclyLeaked: 'alert.publicly_leaked',
  multiRepo: 'alert.multi_repo',
  pushProtectionBypassed: 'alert.push_protection_bypassed',
}

const INSTALLATION_ATTRIBUTES = {
  installationId: 'installation.id',
  appId: 'installation.app_id',
  app: 'installation.app_slug',
  account: 'installation.account.login',
  permissions: 'installation.permissions',
}

/** Keys, tokens, app grants and their exposure. */
export const CREDENTIAL_EVENTS: Readonly<Record<string, Change>> = {
  deploy_key: {
    kind: 'credential-changed',
    allowed: { key: DEPLOY_KEY },
    time: fromOnly(['created'], 'key.created_at'),
    attributes: { keyId: 'key.id', keyFingerprint: 'key.key', readOnly: 'key.read_only', addedBy: 'key.added_by' },
    target: ['deploy-keys', 'key.id'],
  },
  secret_scanning_alert: {
    // The alert's later life (resolved, validated, assigned) reports no new exposure.
    kind: (action) => (EXPOSING.includes(action ?? '') ? 'exposure-reported' : 'operation'),
    allowed: { alert: ALERT },
    time: lifeOf('alert'),
    attributes: ALERT_ATTRIBUTES,
    target: ['secret-scanning-alerts', 'alert.number'],
  },
  secret_scanning_alert_location: {
    kind: 'exposure-reported',
    allowed: { alert: ALERT, location: ALERT_LOCATION },
    time: never,
    attributes: {
      ...ALERT_ATTRIBUTES,
      locationType: 'location.type',
      locationPath: 'location.details.path',
      sha: 'location.details.commit_sha',
    },
    target: ['secret-scanning-alerts', 'alert.number'],
  },
  personal_access_token_request: {
    kind: 'approval-observed',
    allowed: { personal_access_token_request: TOKEN_REQUEST },
    time: fromOnly(['created'], 'personal_access_token_request.created_at'),
    attributes: {
      requestId: 'personal_access_token_request.id',
      tokenId: 'personal_access_token_request.token_id',
      requester: 'personal_access_token_request.owner.login',
      expiresAt: 'personal_access_token_request.token_expires_at',
      repositorySelection: 'personal_access_token_request.repository_selection',
    },
    decisions: { created: 'requested', approved: 'approved', denied: 'rejected', cancelled: 'cancelled' },
    accounts: { requester: 'personal_access_token_request.owner' },
  },
  installation: {
    kind: 'credential-changed',
    allowed: { installation: INSTALLATION, repositories: LISTED_REPOSITORY, requester: ACCOUNT },
    time: lifeOf('installation'),
    attributes: { ...INSTALLATION_ATTRIBUTES, repositorySelection: 'installation.repository_selection' },
    target: ['installations', 'installation.id'],
  },
  installation_repositories: {
    kind: 'credential-changed',
    allowed: {
      installation: INSTALLATION,
      repository_selection: 'keep',
      repositories_added: LISTED_REPOSITORY,
      repositories_removed: LISTED_REPOSITORY,
      requester: ACCOUNT,
    },
    time: from('installation.updated_at'),
    attributes: { ...INSTALLATION_ATTRIBUTES, repositorySelection: 'repository_selection' },
    target: ['installations', 'installation.id'],
  },
  github_app_authorization: { kind: 'credential-changed', allowed: {}, time: never },
}
