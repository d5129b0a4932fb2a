import { ACCOUNT, CHECK, DEPLOYMENT, DEPLOYMENT_STATUS, keep, only, RUN } from './allowed.js'
import type { Change } from './change.js'
import { from, lifeOf, never } from './times.js'

const DEPLOYMENT_ATTRIBUTES = {
  deploymentId: 'deployment.id',
  ref: 'deployment.ref',
  sha: 'deployment.sha',
  productionEnvironment: 'deployment.production_environment',
}

const RENAMED = only({
  repository: only({ name: keep('from') }),
  owner: only({ from: only({ user: ACCOUNT, organization: keep('id', 'login') }) }),
})

/** Deployments, code, and the rules that guard it. */
export const REPOSITORY_EVENTS: Readonly<Record<string, Change>> = {
  deployment: {
    kind: 'operation',
    allowed: { deployment: DEPLOYMENT, workflow_run: RUN },
    time: from('deployment.updated_at', 'deployment.created_at'),
    attributes: DEPLOYMENT_ATTRIBUTES,
    environment: ['deployment.environment'],
  },
  deployment_status: {
    // State `inactive` is the nearest that a webhook comes to an environment that was torn down.
    kind: 'operation',
    allowed: { deployment_status: DEPLOYMENT_STATUS, deployment: DEPLOYMENT, workflow_run: RUN },
    time: from('deployment_status.updated_at', 'deployment_status.created_at'),
    attributes: { ...DEPLOYMENT_ATTRIBUTES, deploymentState: 'deployment_status.state' },
    environment: ['deployment_status.environment', 'deployment.environment'],
  },
  repository: {
    kind: 'configuration-changed',
    allowed: { changes: RENAMED },
    time: lifeOf('repository'),
    attributes: {
      visibility: 'repository.visibility',
      previousName: 'changes.repository.name.from',
      previousOwner: 'changes.owner.from.user.login',
      previousOrganization: 'changes.owner.from.organization.login',
    },
  },
  public: { kind: 'configuration-changed', allowed: {}, time: from('repository.updated_at') },
  branch_protection_rule: {
    kind: 'policy-changed',
    allowed: { rule: keep('id', 'repository_id', 'name', 'created_at', 'updated_at') },
    time: lifeOf('rule'),
    attributes: { rule: 'rule.name', ruleId: 'rule.id' },
  },
  repository_ruleset: {
    kind: 'policy-changed',
    allowed: {
      repository_ruleset: keep('id', 'name', 'target', 'source_type', 'enforcement', 'created_at', 'updated_at'),
    },
    time: lifeOf('repository_ruleset'),
    attributes: {
      rule: 'repository_ruleset.name',
      ruleId: 'repository_ruleset.id',
      enforcement: 'repository_ruleset.enforcement',
    },
  },
  push: {
    kind: 'operation',
    allowed: keep('ref', 'before', 'after', 'created', 'deleted', 'forced', 'base_ref'),
    time: from('repository.pushed_at'),
    attributes: {
      ref: 'ref',
      sha: 'after',
      previousSha: 'before',
      refCreated: 'created',
      refDeleted: 'deleted',
      forced: 'forced',
    },
  },
  create: {
    kind: 'operation',
    allowed: keep('ref', 'ref_type'),
    time: from('repository.pushed_at'),
    attributes: { ref: 'ref', refType: 'ref_type' },
  },
  delete: {
    kind: 'operation',
    allowed: keep('ref', 'ref_type'),
    time: from('repository.pushed_at'),
    attributes: { ref: 'ref', refType: 'ref_type' },
  },
  check_run: {
    kind: 'operation',
    allowed: { check_run: CHECK },
    time: from('check_run.completed_at', 'check_run.started_at'),
    attributes: {
      checkId: 'check_run.id',
      checkName: 'check_run.name',
      sha: 'check_run.head_sha',
      conclusion: 'check_run.conclusion',
    },
  },
  check_suite: {
    kind: 'operation',
    allowed: { check_suite: CHECK },
    time: from('check_suite.updated_at'),
    attributes: { checkId: 'check_suite.id', sha: 'check_suite.head_sha', conclusion: 'check_suite.conclusion' },
  },
  ping: { kind: 'operation', allowed: { hook_id: 'keep' }, time: never, attributes: { hookId: 'hook_id' } },
  // Sent once, when the hook itself is deleted: from then on this source is silent.
  meta: { kind: 'configuration-changed', allowed: { hook_id: 'keep' }, time: never, attributes: { hookId: 'hook_id' } },
}
