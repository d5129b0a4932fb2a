import { textAt } from '@catena/domain'
import { webhookNameOf } from './identify.js'
import { tellDeployment, tellJob, tellPipeline } from './runs.js'
import { UNREADABLE, type Reading, type Told } from './told.js'
import { webhookTypeOf, type WebhookConcern, type WebhookType } from './webhook-types.js'

const READERS: Readonly<Record<WebhookConcern, (reading: Reading, type: WebhookType) => Told>> = {
  pipeline: tellPipeline,
  job: tellJob,
  deployment: tellDeployment,
  membership: tellMembership,
  person: tellPerson,
  key: tellKey,
  plain: tellPlain,
}

export function tellWebhook(reading: Reading): Told {
  const type = webhookTypeOf(webhookNameOf(reading.body) ?? '')
  return type === undefined ? UNREADABLE : READERS[type.concern](reading, type)
}

/** The hook does not say who made the change. */
function tellMembership({ body, groups }: Reading, { kind }: WebhookType): Told {
  const [group, project] = [textAt(body, 'group_id'), textAt(body, 'project_id')]
  const event = textAt(body, 'event_name') ?? ''
  // Whoever asks is no member yet.
  const isAsked = event.startsWith('user_access_request_')
  groups.mention(isAsked ? 'requester' : 'member', 'person', textAt(body, 'user_id'))
  groups.mention(
    isAsked ? 'asked-group' : 'group',
    'group',
    group ?? (project === undefined ? undefined : `project/${project}`),
  )
  return {
    kind,
    attributes: {
      member: textAt(body, 'user_username'),
      groupId: group,
      groupName: textAt(body, 'group_path') ?? textAt(body, 'project_path_with_namespace'),
      permission: textAt(body, 'group_access') ?? textAt(body, 'project_access') ?? textAt(body, 'access_level'),
      added: event.includes('_add_') ? true : event.includes('_remove_') ? false : undefined,
    },
  }
}

function tellPerson({ body, groups }: Reading, { kind }: WebhookType): Told {
  const name = textAt(body, 'username')
  const email = textAt(body, 'email')
  groups.describe('person', 'person', textAt(body, 'user_id'))
  groups.describe('email', 'person-email', email?.toLowerCase())
  groups.describe('name', 'person-name', name?.toLowerCase())
  const event = textAt(body, 'event_name')
  return {
    kind,
    attributes: {
      userId: textAt(body, 'user_id'),
      username: name,
      email,
      previousName: textAt(body, 'old_username'),
      created: event === 'user_create' ? true : undefined,
      deleted: event === 'user_destroy' ? true : undefined,
    },
  }
}

function tellKey({ body, system }: Reading, { kind }: WebhookType): Told {
  const id = textAt(body, 'id')
  return {
    kind,
    target: id === undefined ? undefined : { system, container: 'instance', path: `ssh-keys/${id}` },
    attributes: { user: textAt(body, 'username'), change: textAt(body, 'event_name') },
  }
}

/** What was destroyed has no members any more, and no hook says so of each. */
const DESTROYED = /^(?:project|group|subgroup)_destroy$/

function tellPlain({ body, groups }: Reading, { kind }: WebhookType): Told {
  const isDestroyed = DESTROYED.test(webhookNameOf(body) ?? '')
  const [group, project] = [textAt(body, 'group_id'), textAt(body, 'project_id')]
  const ended = group ?? (project === undefined ? undefined : `project/${project}`)
  if (isDestroyed) groups.mention('group', 'group', ended)
  return {
    kind,
    ...(kind === 'login' ? { outcome: 'denied' as const } : {}),
    attributes: {
      groupDeleted: isDestroyed ? true : undefined,
      repositoryId: textAt(body, 'project.id') ?? textAt(body, 'project_id'),
      repositoryName: textAt(body, 'project.path_with_namespace') ?? textAt(body, 'path_with_namespace'),
      previousName: textAt(body, 'old_path_with_namespace') ?? textAt(body, 'old_full_path'),
      tokenId: webhookNameOf(body) === 'access_token' ? textAt(body, 'object_attributes.id') : undefined,
    },
  }
}
