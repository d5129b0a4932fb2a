import { textAt, type Json, type JsonObject } from '@catena/domain'
import { targetIn } from '../target.js'
import { attributesAt, present, UNREADABLE, type Reading, type Told } from '../told.js'
import { classify, keyIsName, type AuditAction } from './actions.js'
import { tellRunEntry, tellSecretsPassed } from './runs.js'
import {
  actorAttributes,
  actorOf,
  mentionPlace,
  mentionRun,
  mentionToken,
  placeAttributes,
  presentCaller,
  tokenAttributes,
} from './subjects.js'

export function tellAudit(reading: Reading): Told {
  const known = classify(reading.action ?? '')
  if (known === undefined) return UNREADABLE
  if (known.kind === 'run-observed') return tellRunEntry(reading)
  if (known.kind === 'secrets-passed') return tellSecretsPassed(reading)
  return reading.action?.startsWith('workflows.') === true && known.decision !== undefined
    ? tellReviewEntry(reading, known)
    : tellEntry(reading, known)
}

/** A review of a waiting job: the actor is the approver. The record names neither the job nor the attempt. */
function tellReviewEntry(reading: Reading, known: AuditAction): Told {
  const { body, groups } = reading
  mentionRun(reading)
  mentionPlace(reading)
  groups.mention('approver', ...actorOf(body))
  mentionToken(groups, body)
  return {
    ...outcomeOf(known),
    attributes: {
      ...present({
        decision: known.decision,
        runId: textAt(body, 'workflow_run_id'),
        runAttempt: textAt(body, 'run_attempt'),
      }),
      ...attributesAt(body, { runNumber: 'run_number' }),
      ...placeAttributes(body),
      ...tokenAttributes(body),
      ...actorAttributes(body, 'approver'),
    },
  }
}

/** Whatever somebody did by session or token. */
function tellEntry(reading: Reading, known: AuditAction): Told {
  const { body, groups } = reading
  presentCaller(reading)
  mentionPlace(reading)
  mentionRun(reading)
  groups.mention(known.kind === 'membership-changed' ? 'member' : 'user', 'person', textAt(body, 'user_id'))
  return {
    ...outcomeOf(known),
    target: targetOf(reading),
    attributes: {
      ...present({
        decision: known.decision,
        change: textAt(body, 'operation_type'),
        readOnly: booleanOf(body.read_only),
      }),
      ...entryAttributes(body, known),
      ...placeAttributes(body),
      ...tokenAttributes(body),
      ...actorAttributes(body, 'caller'),
    },
  }
}

function outcomeOf({ kind, outcome }: AuditAction): Pick<Told, 'kind' | 'outcome'> {
  return outcome === undefined ? { kind } : { kind, outcome }
}

function entryAttributes(body: JsonObject, known: AuditAction): Told['attributes'] {
  return attributesAt(body, {
    [known.kind === 'membership-changed' ? 'member' : 'user']: 'user',
    team: 'team',
    permission: 'permission',
    previousPermission: 'old_permission',
    visibility: 'visibility',
    ...nameOf(textAt(body, 'action') ?? ''),
    keyFingerprint: 'fingerprint',
    deployKeyFingerprint: 'deploy_key_fingerprint',
    app: 'integration',
    oauthApplication: 'oauth_application',
    oauthApplicationId: 'oauth_application_id',
    repositorySelection: 'repository_selection',
    repositoriesAdded: 'repositories_added_names',
    repositoriesRemoved: 'repositories_removed_names',
    alertNumber: 'alert_number',
    secretType: 'secret_type',
    resolution: 'resolution',
    branch: 'branch',
    workflowId: 'workflow_id',
    runId: 'workflow_run_id',
    transport: 'transport_protocol_name',
    previousName: 'old_name',
  })
}

/** `key` is the name of a secret or of a variable, by the action. */
function nameOf(action: string): Readonly<Record<string, string>> {
  if (!keyIsName(action)) return {}
  return action.endsWith('_secret') ? { secretName: 'key' } : { variableName: 'key' }
}

/** `org.update_actions_secret` → `secrets/actions/NPM_TOKEN` of the organisation or repository, or of an environment of it. */
function targetOf({ body, system }: Reading): Told['target'] {
  const store = /_([a-z]+)_secret$/.exec(textAt(body, 'action') ?? '')?.[1]
  const name = textAt(body, 'key')
  if (store === undefined || name === undefined) return undefined
  const environment = textAt(body, 'environment_name')
  const place = {
    repository: { id: textAt(body, 'repo_id'), name: textAt(body, 'repo') },
    organization: { id: textAt(body, 'org_id'), name: textAt(body, 'org') },
  }
  const folder = environment === undefined ? '' : `environments/${environment}/`
  return targetIn(system, place, `${folder}secrets/${store}/${name}`)
}

/** The audit log writes some truth values as text. */
function booleanOf(value: Json | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value
  return value === 'true' ? true : value === 'false' ? false : undefined
}
