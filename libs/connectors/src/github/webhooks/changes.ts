import type { Change } from './change.js'

const EXPOSING = ['created', 'reopened', 'publicly_leaked']

const ALERT = {
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

const DEPLOYMENT = {
  deploymentId: 'deployment.id',
  ref: 'deployment.ref',
  sha: 'deployment.sha',
  productionEnvironment: 'deployment.production_environment',
}

const TEAM = { team: 'team.slug', teamId: 'team.id', permission: 'team.permission' }

/** Events that somebody caused and that are told alike, by what of them is carried. */
export const CHANGES = {
  deployment: { kind: 'operation', attributes: DEPLOYMENT, environment: ['deployment.environment'] },
  deployment_status: {
    // `inactive` is the nearest that a webhook comes to an environment that was torn down.
    kind: 'operation',
    attributes: { ...DEPLOYMENT, deploymentState: 'deployment_status.state' },
    environment: ['deployment_status.environment', 'deployment.environment'],
  },
  deploy_key: {
    kind: 'credential-changed',
    attributes: { keyId: 'key.id', keyFingerprint: 'key.key', readOnly: 'key.read_only', addedBy: 'key.added_by' },
    target: ['deploy-keys', 'key.id'],
  },
  secret_scanning_alert: {
    // The alert's later life (resolved, validated, assigned) reports no new exposure.
    kind: (_, action) => (EXPOSING.includes(action ?? '') ? 'exposure-reported' : 'operation'),
    attributes: ALERT,
    target: ['secret-scanning-alerts', 'alert.number'],
  },
  secret_scanning_alert_location: {
    kind: 'exposure-reported',
    attributes: {
      ...ALERT,
      locationType: 'location.type',
      locationPath: 'location.details.path',
      commit: 'location.details.commit_sha',
    },
    target: ['secret-scanning-alerts', 'alert.number'],
  },
  personal_access_token_request: {
    kind: 'approval-observed',
    attributes: {
      decision: 'action',
      requestId: 'personal_access_token_request.id',
      tokenId: 'personal_access_token_request.token_id',
      requester: 'personal_access_token_request.owner.login',
      expiresAt: 'personal_access_token_request.token_expires_at',
      repositorySelection: 'personal_access_token_request.repository_selection',
    },
    accounts: { requester: 'personal_access_token_request.owner' },
  },
  installation: {
    kind: 'credential-changed',
    attributes: {
      installationId: 'installation.id',
      appId: 'installation.app_id',
      app: 'installation.app_slug',
      account: 'installation.account.login',
      repositorySelection: 'installation.repository_selection',
      permissions: 'installation.permissions',
    },
    target: ['installations', 'installation.id'],
  },
  installation_repositories: {
    kind: 'credential-changed',
    attributes: {
      installationId: 'installation.id',
      appId: 'installation.app_id',
      app: 'installation.app_slug',
      account: 'installation.account.login',
      repositorySelection: 'repository_selection',
    },
    target: ['installations', 'installation.id'],
  },
  github_app_authorization: { kind: 'credential-changed' },
  member: {
    kind: 'membership-changed',
    attributes: {
      member: 'member.login',
      previousPermission: 'changes.old_permission.from',
      permission: 'changes.permission.to',
    },
    accounts: { member: 'member' },
  },
  membership: {
    kind: 'membership-changed',
    attributes: { member: 'member.login', ...TEAM },
    accounts: { member: 'member' },
  },
  organization: {
    kind: (_, action) => (action?.startsWith('member_') === true ? 'membership-changed' : 'configuration-changed'),
    attributes: {
      member: 'membership.user.login',
      memberRole: 'membership.role',
      invited: 'invitation.login',
      invitedRole: 'invitation.role',
      previousName: 'changes.login.from',
    },
    accounts: { member: 'membership.user', invited: 'user' },
  },
  org_block: {
    kind: 'operation',
    attributes: { blocked: 'blocked_user.login' },
    accounts: { blocked: 'blocked_user' },
  },
  team: { kind: 'membership-changed', attributes: TEAM },
  team_add: { kind: 'membership-changed', attributes: TEAM },
  repository: {
    kind: 'configuration-changed',
    attributes: {
      visibility: 'repository.visibility',
      previousName: 'changes.repository.name.from',
      previousOwner: 'changes.owner.from.user.login',
      previousOrganization: 'changes.owner.from.organization.login',
    },
  },
  public: { kind: 'configuration-changed' },
  branch_protection_rule: { kind: 'policy-changed', attributes: { rule: 'rule.name', ruleId: 'rule.id' } },
  repository_ruleset: {
    kind: 'policy-changed',
    attributes: {
      rule: 'repository_ruleset.name',
      ruleId: 'repository_ruleset.id',
      enforcement: 'repository_ruleset.enforcement',
    },
  },
  push: {
    kind: 'operation',
    attributes: {
      ref: 'ref',
      sha: 'after',
      previousSha: 'before',
      refCreated: 'created',
      refDeleted: 'deleted',
      forced: 'forced',
    },
  },
  create: { kind: 'operation', attributes: { ref: 'ref', refType: 'ref_type' } },
  delete: { kind: 'operation', attributes: { ref: 'ref', refType: 'ref_type' } },
  check_run: {
    kind: 'operation',
    attributes: {
      checkId: 'check_run.id',
      checkName: 'check_run.name',
      sha: 'check_run.head_sha',
      conclusion: 'check_run.conclusion',
    },
  },
  check_suite: {
    kind: 'operation',
    attributes: { checkId: 'check_suite.id', sha: 'check_suite.head_sha', conclusion: 'check_suite.conclusion' },
  },
  ping: { kind: 'operation', attributes: { hookId: 'hook_id' } },
  meta: { kind: 'configuration-changed', attributes: { hookId: 'hook_id' } },
} as const satisfies Record<string, Change>
