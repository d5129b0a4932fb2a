import { text, type Target } from '@catena/domain'
import { parseArn, placeOf } from './place.js'
import { objectOr, type CloudEvent } from './record.js'
import type { Context, Told } from './told.js'

/** A long-lived access key was made, switched or deleted. Whoever made it does not hold it for that. */
export function accessKey({ event, name, groups }: Context): Told {
  const { request, response } = event
  const made = objectOr(response.accessKey)
  const user = text(request.userName) ?? text(made.userName) ?? event.identity.userName
  if (event.outcome === 'succeeded') {
    const by = 'handover'
    if (name === 'CreateAccessKey')
      groups.aws('issued', 'establishes', 'aws-access-key', text(made.accessKeyId), { by })
    // A key that is switched off can be switched on again.
    if (name === 'DeleteAccessKey') groups.aws('access-key', 'ends', 'aws-access-key', text(request.accessKeyId))
  }
  if (name === 'UpdateAccessKey')
    groups.aws('access-key', 'presents', 'aws-access-key', text(request.accessKeyId), { sideways: true })
  const status = text(request.status) ?? text(made.status)
  return {
    target: user === undefined ? undefined : iamPlace(event, `user/${user}/access-keys`),
    attributes: {
      action: name,
      userName: user,
      enabled: status === undefined ? undefined : status === 'Active',
      issuedTokenType: made.accessKeyId === undefined ? undefined : 'long-lived access key',
    },
  }
}

/** Users, groups, roles, their policies and passwords. */
export function iam({ event, name, kind }: Context): Told {
  const { request, response } = event
  const subject = subjectOf(event)
  const isPassword = /LoginProfile$|Password/.test(name)
  const path = subject === undefined ? undefined : isPassword ? `${subject}/password` : subject
  return {
    target: path === undefined ? undefined : iamPlace(event, path),
    attributes: {
      action: name,
      ...(kind === 'policy-changed' ? { policy: text(request.policyArn) ?? text(request.policyName) } : {}),
      groupName: text(request.groupName),
      subjectId: ['user', 'role', 'group'].map((one) => idOf(response, one)).find((id) => id !== undefined),
    },
  }
}

/** The immutable id that a name gets when it is given (again). */
function idOf(response: CloudEvent['response'], kind: string): string | undefined {
  return text(objectOr(response[kind])[`${kind}Id`])
}

/** Whose own password or certificate it is, where the request names nobody. */
function subjectOf({ request, identity }: CloudEvent): string | undefined {
  for (const kind of ['user', 'role', 'group', 'policy']) {
    const name = text(request[`${kind}Name`])
    if (name !== undefined) return `${kind}/${name}`
  }
  const policy = parseArn(text(request.policyArn))?.resource
  return policy ?? (identity.userName === undefined ? undefined : `user/${identity.userName}`)
}

/** IAM has no regions: whatever region's log tells of it, it is one. */
function iamPlace(event: CloudEvent, path: string): Target {
  return placeOf({ ...event, region: undefined }, 'iam', path)
}
