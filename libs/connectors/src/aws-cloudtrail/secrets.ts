import { list, text, type ActivityKind, type Attributes, type Target } from '@catena/domain'
import { parseArn, placeOf } from './place.js'
import { resourceArns, type CloudEvent } from './record.js'
import type { Context, Told } from './told.js'

/** Six characters that Secrets Manager puts behind a name, other ones each time a secret of that name is made anew. */
const SUFFIX = /-[A-Za-z0-9]{6}$/

/** A secret of Secrets Manager, by name or ARN: both mean one slot. */
export function secret({ event, name, kind, groups }: Context): Told {
  const { request, response, additional } = event
  const asked = [request.secretId, request.name, response.aRN, response.arn, additional.SecretId, response.name]
    .map(text)
    .filter((one) => one !== undefined)
  const known = [...asked, ...resourceArns(event)].find((one) => parseArn(one)?.resource.startsWith('secret:') === true)
  const arn = parseArn(known)
  const named = asked.find((one) => parseArn(one) === undefined)
  const path = named ?? arn?.resource.slice('secret:'.length).replace(SUFFIX, '')
  const target = path === undefined ? undefined : placeOf(event, 'secretsmanager', path, arn)
  if (target !== undefined && event.outcome === 'succeeded' && changesSlot(event, name)) groups.endSlot(target)
  return { target, kind: secretKind(kind, event, name), attributes: { resourceId: known, ...versionOf(event, name) } }
}

function secretKind(kind: ActivityKind, event: CloudEvent, name: string): ActivityKind {
  if (name === 'DeleteSecret' && event.request.forceDeleteWithoutRecovery === true) return 'secret-destroyed'
  if (name === 'UpdateSecret' && valueAfterUpdate(event) === 'same') return 'configuration-changed'
  return name === 'UpdateSecretVersionStage' && !movesCurrent(event.request) ? 'configuration-changed' : kind
}

/**
 * An update changes the value, the description, the key, or several of these. A value is in no record, and its version in few; clients name one for a new
 * value, but most do so with every update. Where none is named, there is no new value; of some stored records nobody knows.
 */
function valueAfterUpdate({ request, response, payload }: CloudEvent): 'other' | 'perhaps' | 'same' {
  if (text(response.versionId) !== undefined) return 'other'
  const isNamed = text(request.clientRequestToken) !== undefined
  return isNamed || payload.tokenUnknown === true ? 'perhaps' : 'same'
}

/** After these, the slot holds something else than before: another version, none, or again what was deleted. */
function changesSlot(event: CloudEvent, name: string): boolean {
  const { request } = event
  switch (name) {
    case 'DeleteSecret':
    case 'RestoreSecret':
    case 'RotationSucceeded':
      return true
    case 'UpdateSecret':
      return valueAfterUpdate(event) !== 'same'
    case 'PutSecretValue':
      return stages(request).length === 0 || stages(request).includes('AWSCURRENT')
    case 'UpdateSecretVersionStage':
      return movesCurrent(request)
    default:
      return false
  }
}

/** A rotation writes its value as pending first; it is in force once the stage moves. */
function stages({ versionStages }: CloudEvent['request']): (string | undefined)[] {
  return list(versionStages).map(text)
}

function movesCurrent({ versionStage, moveToVersionId }: CloudEvent['request']): boolean {
  return text(versionStage) === 'AWSCURRENT' && text(moveToVersionId) !== undefined
}

function versionOf(event: CloudEvent, name: string): Attributes {
  const { request, response } = event
  const told = text(request.versionId) ?? text(request.moveToVersionId) ?? text(response.versionId)
  // It becomes the id of the version that the value makes.
  const written = /^(?:CreateSecret|PutSecretValue)$/.test(name) ? text(request.clientRequestToken) : undefined
  return {
    versionId: told ?? written,
    versionStage: text(request.versionStage),
    versionsHidden: name === 'UpdateSecret' && valueAfterUpdate(event) === 'perhaps' ? true : undefined,
  }
}

/** One or several parameters of the Parameter Store. Read without decryption, an encrypted one yields nothing of use. */
export function parameter({ event, name, kind, groups }: Context): Told {
  const { request, response } = event
  const absent = new Set(list(response.invalidParameters).map(text))
  const asked = [request.name, request.path, ...list(request.names)].map(text).filter((one) => one !== undefined)
  const targets = asked.filter((one) => !absent.has(one)).map((one) => parameterPlace(event, one))
  const [first, ...others] = targets
  const isPath = text(request.path) !== undefined
  if (event.outcome === 'succeeded' && (name === 'PutParameter' || name.startsWith('DeleteParameter')))
    for (const [index, target] of targets.entries()) groups.endSlot(target, index === 0 ? 'slot' : `slot:${index}`)
  if (kind === 'secret-read' && !isPath && others.length > 0)
    for (const [index, target] of targets.entries()) groups.mentionSlot(target, `obtained:${index}`)
  const isPlain = kind === 'secret-read' && request.withDecryption !== true
  return {
    target: others.length === 0 ? first : undefined,
    kind: isPlain || (asked.length > 0 && targets.length === 0) ? 'operation' : kind,
    attributes: {
      parameters: others.length === 0 ? undefined : targets.map(({ path }) => path).sort(),
      everythingBelow: isPath ? true : undefined,
      decrypted: typeof request.withDecryption === 'boolean' ? request.withDecryption : undefined,
    },
  }
}

function parameterPlace(event: CloudEvent, asked: string): Target {
  const arn = parseArn(asked)
  const named = arn === undefined ? asked : arn.resource.replace(/^parameter/, '')
  const [, name = named, version] = /^(.+?)(?::(\d{1,9}|[A-Za-z_][\w.-]{0,99}))?$/.exec(named) ?? []
  const target = placeOf(event, 'ssm', name.replace(/^\/(?=.)/, ''), arn)
  return version !== undefined && /^\d+$/.test(version) ? { ...target, version: Number(version) } : target
}

/** The first password of a machine, which its key pair decrypts. */
export function machine({ event }: Context): Told {
  const id = text(event.request.instanceId)
  return { target: id === undefined ? undefined : placeOf(event, 'ec2', `instances/${id}/password`) }
}
