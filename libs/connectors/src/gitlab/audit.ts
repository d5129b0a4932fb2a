import { text, textAt, type Attributes, type JsonObject, type Target } from '@catena/domain'
import { auditNameOf } from './identify.js'
import { auditTypeOf, isOfNobody, type AuditConcern, type AuditType } from './audit-types.js'
import { UNREADABLE, type Reading, type Told } from './told.js'

const READERS: Readonly<Record<AuditConcern, (reading: Reading, name: string) => Partial<Told>>> = {
  approval: tellApproval,
  deployment: tellStart,
  variable: tellVariable,
  credential: tellCredential,
  membership: tellMembership,
  person: tellPerson,
  login: tellLogin,
  plain: () => ({}),
}

const FAILED_LOGIN: AuditType = { concern: 'login', kind: 'login' }

export function tellAudit(reading: Reading): Told {
  const name = auditNameOf(reading.body)
  const type = name === 'failed_login' ? FAILED_LOGIN : auditTypeOf(name ?? '')
  if (name === undefined || type === undefined) return UNREADABLE
  const isNobody = isOfNobody(name)
  if (!isNobody && type.kind !== 'not-about-access') presentAuthor(reading, type)
  const told = READERS[type.concern](reading, name)
  return {
    kind: type.kind,
    ...told,
    outcome: isNobody ? 'denied' : /_failed$/.test(name) ? 'failed' : (told.outcome ?? 'succeeded'),
    attributes: { ...attributesOf(reading.body), ...told.attributes },
  }
}

/** Below zero stand authors that are no users: deploy tokens, the instance, nobody. */
function presentAuthor({ body, groups }: Reading, { concern }: AuditType): void {
  const author = text(body.author_id)
  if (author === undefined || !/^[1-9]\d*$/.test(author)) return
  if (isImpersonated(body)) groups.mention('impersonated', 'person', author)
  else if (concern === 'approval') groups.mention('approver', 'person', author)
  else if (concern === 'login') groups.mention('person', 'person', author)
  else groups.present('caller', 'person', author)
}

/** An administrator acts in the name of its author: GitLab writes the author's id, and of the administrator no more than a name. */
function isImpersonated(body: JsonObject): boolean {
  return (
    textAt(body, 'details.author_class') === 'Gitlab::Audit::ImpersonatedAuthor' ||
    textAt(body, 'details.impersonated_by') !== undefined
  )
}

/** Who did it, by name; of an entry made by impersonation the administrator, where the entry tells. */
function nameOfActor(body: JsonObject): string | undefined {
  return isImpersonated(body) ? textAt(body, 'details.impersonated_by') : detail(body, 'author_name')
}

function attributesOf(body: JsonObject): Attributes {
  return {
    callerName: nameOfActor(body),
    impersonatedUser: isImpersonated(body) ? detail(body, 'author_name') : undefined,
    callerOrigin: 'unrecorded',
    address: detail(body, 'ip_address'),
    entityType: text(body.entity_type),
    repositoryName: text(body.entity_type) === 'Project' ? detail(body, 'entity_path') : undefined,
    groupName: text(body.entity_type) === 'Group' ? detail(body, 'entity_path') : undefined,
    targetType: detail(body, 'target_type'),
    targetName: detail(body, 'target_details'),
    changed: textAt(body, 'details.change'),
    from: textAt(body, 'details.from'),
    to: textAt(body, 'details.to') ?? textAt(body, 'details.as'),
  }
}

/** Streamed entries repeat some details beside them. */
function detail(body: JsonObject, name: string): string | undefined {
  return text(body[name]) ?? textAt(body, `details.${name}`)
}

/** Which deployment it was stands in the details, or in the message's text. */
function deploymentOf(body: JsonObject): string | undefined {
  return textAt(body, 'details.deployment_id') ?? text(body.message_id)
}

/** Who approved by impersonation is not known, and may be whoever asked: that permits nothing. */
function tellApproval(reading: Reading, name: string): Partial<Told> {
  const approved = isImpersonated(reading.body) ? 'approved by impersonation' : 'approved'
  const decision = name === 'deployment_approved' ? approved : 'rejected'
  return {
    ...(decision === 'rejected' ? { outcome: 'denied' as const } : {}),
    attributes: { ...tellDeploymentOf(reading), decision, approver: nameOfActor(reading.body) },
  }
}

function tellStart(reading: Reading): Partial<Told> {
  return { attributes: tellDeploymentOf(reading) }
}

function tellDeploymentOf({ body, groups }: Reading): Attributes {
  const deployment = deploymentOf(body)
  const [project, environment] = [detail(body, 'entity_path'), detail(body, 'target_details')]
  groups.mention('deployment', 'deployment', deployment)
  if (project !== undefined && environment !== undefined)
    groups.mention('environment', 'environment', `${project}/${environment}`.toLowerCase())
  return { deploymentId: deployment, environment }
}

/** Entities number alike: a project and a group may both be 7. */
function containerOf(body: JsonObject): string | undefined {
  const [type, id] = [text(body.entity_type), text(body.entity_id)]
  if (type === undefined || id === undefined) return undefined
  if (type.includes('Instance')) return 'instance'
  return `${type.toLowerCase()}/${id}`
}

function targetIn({ body, system }: Reading, path: string | undefined): Target | undefined {
  if (path === undefined) return undefined
  const [container, name] = [containerOf(body), detail(body, 'entity_path')]
  return {
    system,
    ...(container === undefined ? {} : { container }),
    ...(name === undefined ? {} : { containerName: name }),
    path,
  }
}

function tellVariable(reading: Reading): Partial<Told> {
  const name = detail(reading.body, 'target_details')
  return {
    target: targetIn(reading, name === undefined ? undefined : `variables/${name}`),
    attributes: { secretName: name },
  }
}

function tellCredential(reading: Reading, name: string): Partial<Told> {
  const { body } = reading
  const [, thing] = /(access_token|deploy_token|deploy_key|ssh_key|gpg_key|agent_token|oauth_application)/.exec(name) ?? []
  // Of a token the target is its user; the token stands in the message's text.
  const id = text(body.message_id) ?? (thing === 'access_token' ? undefined : detail(body, 'target_id'))
  return {
    target: targetIn(reading, thing === undefined || id === undefined ? undefined : `${thing.replace('_', '-')}s/${id}`),
    attributes: { change: name },
  }
} // prettier-ignore

/** The target's id is that of the membership in some versions and of the user in others, so it is no key. */
function tellMembership({ body, groups }: Reading, name: string): Partial<Told> {
  const [type, id] = [text(body.entity_type), text(body.entity_id)]
  if (id !== undefined) groups.mention('group', 'group', type === 'Group' ? id : `${(type ?? '').toLowerCase()}/${id}`)
  return {
    attributes: {
      member: detail(body, 'target_details'),
      permission: textAt(body, 'details.as') ?? textAt(body, 'details.to'),
      added: /created|^add /.test(name) ? true : /destroyed|removed|deleted|^remove /.test(name) ? false : undefined,
    },
  }
}

const DISABLED = /^user_(?:blocked|deactivate|access_locked)$/
const ENABLED = /^(?:user_(?:activate|access_unlocked)|unblock_user|unban_user)$/

/** Whose entry it is, is the entity; `ban_user` stands for bans and for their end, so it says neither. */
function tellPerson({ body, groups }: Reading, name: string): Partial<Told> {
  const isUser = text(body.entity_type) === 'User'
  const user = isUser ? text(body.entity_id) : undefined
  const username = isUser ? detail(body, 'entity_path') : undefined
  groups.describe('person', 'person', user)
  groups.describe('name', 'person-name', username?.toLowerCase())
  return {
    attributes: {
      userId: user,
      username,
      enabled: DISABLED.test(name) ? false : ENABLED.test(name) ? true : undefined,
      created: name === 'user_created' ? true : undefined,
      deleted: name === 'user_destroyed' ? true : undefined,
    },
  }
}

function tellLogin({ body }: Reading, name: string): Partial<Told> {
  return { attributes: { method: textAt(body, 'details.with') ?? name.replace(/^authenticated_with_/, '') } }
}
