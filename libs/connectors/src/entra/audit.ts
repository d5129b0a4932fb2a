import {
  at,
  isObject,
  list,
  makeKey,
  text,
  textAt,
  type Attributes,
  type Json,
  type JsonObject,
  type Outcome,
} from '@catena/domain'
import { activityOf, plainName, type Concern, type DirectoryActivity } from './activities.js'
import { changedIn, detailOf, rolesOf, switchOf, targetOf, valueOf } from './audit-body.js'
import { tellApproval, tellPrivilege } from './decisions.js'
import { idAt } from './record.js'
import { MICROSOFT, type Context, type Told } from './told.js'

const READERS: Readonly<Record<Concern, (context: Context, name: string, outcome: Outcome) => Partial<Told>>> = {
  person: tellPerson,
  membership: tellMembership,
  'group-end': (context, _, outcome) => tellGroup(context, outcome, { groupDeleted: true }),
  'group-return': (context, _, outcome) => tellGroup(context, outcome, { groupRestored: true }),
  privilege: tellPrivilege,
  credential: tellCredential,
  sessions: tellSessions,
  approval: tellApproval,
  change: tellChange,
}

export function tellAudit(context: Context): Told | undefined {
  const name = plainName(text(context.body.activityDisplayName) ?? '')
  const activity = activityOf(name)
  if (activity === undefined) return undefined
  const outcome = outcomeOf(context.body)
  const told = READERS[activity.concern](context, name, outcome)
  if (!DECISIONS.has(activity.concern)) presentInitiator(context)
  return {
    kind: activity.kind,
    outcome,
    ...told,
    attributes: { ...attributesOf(context.body, name), ...told.attributes },
  }
}

/** Of a decision the initiator is an approver or a requester, which its reader says. */
const DECISIONS: ReadonlySet<DirectoryActivity['concern']> = new Set(['privilege', 'approval'])

function outcomeOf({ result }: JsonObject): Outcome {
  switch (text(result)?.toLowerCase()) {
    case 'success':
      return 'succeeded'
    case 'failure':
    case 'timeout':
      return 'failed'
    default:
      return 'unknown'
  }
}

function presentInitiator({ body, groups }: Context): void {
  groups.present('caller', 'person', idAt(body, 'initiatedBy.user.id'))
  groups.mention('principal', 'entra-principal', idAt(body, 'initiatedBy.app.servicePrincipalId'), MICROSOFT)
}

function attributesOf(body: JsonObject, name: string): Attributes {
  return {
    activity: name,
    service: text(body.loggedByService),
    correlationId: text(body.correlationId),
    address: textAt(body, 'initiatedBy.user.ipAddress'),
    callerName: textAt(body, 'initiatedBy.user.userPrincipalName') ?? textAt(body, 'initiatedBy.app.displayName'),
    callerId: textAt(body, 'initiatedBy.user.id') ?? textAt(body, 'initiatedBy.app.servicePrincipalId'),
    callerType: isObject(at(body, 'initiatedBy.app')) ? 'application' : 'user',
    callerOrigin: 'unrecorded',
  }
}

/** After a deletion the name is preceded by the id without its dashes, so that the name is free. */
function nameOf(user: Json | undefined): string | undefined {
  const [name, id] = [textAt(user, 'userPrincipalName'), textAt(user, 'id')?.replaceAll('-', '')]
  if (name === undefined) return undefined
  return id !== undefined && name.toLowerCase().startsWith(id.toLowerCase()) ? name.slice(id.length) : name
}

function describeUser({ groups }: Context, user: Json | undefined): Attributes {
  const id = isObject(user) ? idAt(user, 'id') : undefined
  const username = nameOf(user)
  const name = username?.toLowerCase()
  groups.describe('person', 'person', id)
  groups.describe('email', 'person-email', name?.includes('@') === true ? name : undefined)
  groups.describe('name', 'person-name', name)
  return { userId: id, username, email: name?.includes('@') === true ? username : undefined }
}

function tellPerson(context: Context, name: string, outcome: Outcome): Partial<Told> {
  if (outcome !== 'succeeded') return {}
  return {
    attributes: {
      ...describeUser(context, targetOf(context.body, 'User')),
      enabled:
        name === 'enable account'
          ? true
          : name === 'disable account'
            ? false
            : switchOf(context.body, 'AccountEnabled'),
      created: /^(?:add|invite) /.test(name) ? true : undefined,
      deleted: /delete user$/.test(name) ? true : undefined,
    },
  }
}

/** Whoever owns a group, or may become a member of it, is none for that. */
const NO_MEMBER = /\b(?:owner|eligible)\b/

function tellMembership(context: Context, name: string, outcome: Outcome): Partial<Told> {
  const { body, groups } = context
  const group = targetOf(body, 'Group')
  const groupId = (isObject(group) ? idAt(group, 'id') : undefined) ?? valueOf(body, 'Group.ObjectID')?.toLowerCase()
  const role = valueOf(body, 'Role.TemplateId') ?? detailOf(body, 'TemplateId')
  const isMember = !NO_MEMBER.test(name)
  if (outcome === 'succeeded') groups.mention(isMember ? 'group' : 'other-group', 'group', groupId ?? (role === undefined ? undefined : `role/${role.toLowerCase()}`))
  const member = outcome === 'succeeded' ? describeUser(context, targetOf(body, 'User')) : {}
  const principal = targetOf(body, 'ServicePrincipal')
  groups.mention('member-principal', 'entra-principal', isObject(principal) ? idAt(principal, 'id') : undefined, MICROSOFT)
  return {
    attributes: {
      ...member,
      groupId,
      groupName: textAt(group, 'displayName') ?? valueOf(body, 'Group.DisplayName'),
      roles: rolesOf(body),
      roleTemplateId: role,
      added: name.startsWith('add '),
      standing: isMember ? undefined : NO_MEMBER.exec(name)?.[0],
      outsidePim: name.includes('outside of pim') ? true : undefined,
    },
  }
} // prettier-ignore

/** Once deleted nobody is in it any more; once restored its members perhaps are. No record says so of each. */
function tellGroup({ body, groups, system }: Context, outcome: Outcome, what: Attributes): Partial<Told> {
  const group = targetOf(body, 'Group')
  const id = isObject(group) ? idAt(group, 'id') : undefined
  if (outcome === 'failed') return { attributes: { groupId: id } }
  groups.add({ role: 'group', verb: 'relates' }, id === undefined ? undefined : makeKey('group', system, id))
  return { attributes: { groupId: id, groupName: textAt(group, 'displayName'), ...what } }
}

/** A secret, certificate or federated credential of an application. Whoever made it need not be who holds it. */
function tellCredential(context: Context, name: string, outcome: Outcome): Partial<Told> {
  const { body, groups, system } = context
  const holder = targetOf(body, 'ServicePrincipal', 'Application')
  const id = isObject(holder) ? idAt(holder, 'id') : undefined
  const type = textAt(holder, 'type') === 'Application' ? 'applications' : 'service-principals'
  const [added, removed] = ['added', 'removed'].map((which) => list(at(holder, `credentials.${which}`)))
  if (outcome === 'succeeded') {
    for (const [index, keyId] of idsOf(added).entries()) groups.handOver(index === 0 ? 'issued' : `issued:${index}`, 'entra-credential', keyId, MICROSOFT)
    for (const [index, keyId] of idsOf(removed).entries()) groups.end(index === 0 ? 'removed' : `removed:${index}`, 'entra-credential', keyId, MICROSOFT)
  }
  if (type === 'service-principals') groups.mention('holder', 'entra-principal', id, MICROSOFT)
  return {
    target: id === undefined ? undefined : { system, container: type, path: `${id}/credentials` },
    attributes: {
      action: name,
      applicationName: textAt(holder, 'displayName'),
      credentialsAdded: idsOf(added).length === 0 ? undefined : idsOf(added),
      credentialsRemoved: idsOf(removed).length === 0 ? undefined : idsOf(removed),
      credentialTypes: typesOf([...(added ?? []), ...(removed ?? [])]),
      displayName: textAt(body, 'initiatedBy.user.userPrincipalName') ?? textAt(body, 'initiatedBy.app.displayName'),
    },
  }
} // prettier-ignore

function idsOf(keys: readonly Json[] | undefined): string[] {
  return (keys ?? []).map((key) => textAt(key, 'keyId')).filter((id) => id !== undefined).sort()
} // prettier-ignore

function typesOf(keys: readonly Json[]): string[] | undefined {
  const types = keys.map((key) => textAt(key, 'type')).filter((type) => type !== undefined)
  return types.length === 0 ? undefined : [...new Set(types)].sort()
}

/** All refresh tokens of a user are void from then on. */
function tellSessions({ body, groups }: Context, _: string, outcome: Outcome): Partial<Told> {
  const user = targetOf(body, 'User')
  const id = isObject(user) ? idAt(user, 'id') : undefined
  if (outcome === 'succeeded') groups.end('person', 'person', id)
  return { attributes: { userId: id, allSessions: true } }
}

/** A change of an application like any other, by its name: whoever the other issuer vouches for can sign in as it. */
const FEDERATED = 'FederatedIdentityCredentials'

function tellChange(context: Context, name: string, outcome: Outcome): Partial<Told> {
  const { body } = context
  const [subject] = list(body.targetResources)
  if (changedIn(body)?.includes(FEDERATED) === true) {
    const { attributes, ...told } = tellCredential(context, name, outcome)
    return {
      ...told,
      kind: 'credential-changed',
      attributes: { ...attributes, credentialTypes: [FEDERATED], changed: changedIn(body) },
    }
  }
  return {
    attributes: {
      resourceType: textAt(subject, 'type'),
      resourceId: textAt(subject, 'id'),
      resourceName: textAt(subject, 'displayName'),
      changed: changedIn(body),
    },
  }
}
