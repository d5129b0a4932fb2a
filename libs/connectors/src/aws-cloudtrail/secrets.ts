import { list, text, type ActivityKind, type Attributes, type Target } from '@catena/domain'
import { parseArn, placeOf } from './place.js'
import { resourceArns, type CloudEvent } from './record.js'
import type { Context, Told } from './told.js'

/** Six characters that Secrets Manager puts behind a name, other ones each time a secret of that name is made anew. */
const SUFFIX = /-[A-Za-z0-9]{6}$/

/** A secret of Secrets Manager, by name or ARN: both mean one slot. */
export function secret({ event, name, kind, groups }: Context): Told {
  const { request, response, additional } = event
  const asked =
    text(request.secretId) ??
    text(response.aRN) ??
    text(response.arn) ??
    text(additional.SecretId) ??
    text(request.name)
  const known = [asked, ...resourceArns(event)].find((one) => parseArn(one)?.resource.startsWith('secret:') === true)
  const arn = parseArn(known)
  const path = arn === undefined ? asked : arn.resource.slice('secret:'.length).replace(SUFFIX, '')
  const target = path === undefined ? undefined : placeOf(event, 'secretsmanager', path, arn)
  if (target !== undefined && event.outcome === 'succeeded' && changesSlot(event, name)) groups.endSlot(target)
  return { target, kind: secretKind(kind, event, name), attributes: { resourceId: known, ...versionOf(event) } }
}

function secretKind(kind: ActivityKind, { request, response }: CloudEvent, name: string): ActivityKind {
  if (name === 'DeleteSecret' && request.forceDeleteWithoutRecovery === true) return 'secret-destroyed'
  // Without a new version only the description, the key or the like was changed.
  if (name === 'UpdateSecret' && text(response.versionId) === undefined) return 'configuration-changed'
  return name === 'UpdateSecretVersionStage' && !movesCurrent(request) ? 'configuration-changed' : kind
}

/** After these, the slot holds something else than before: another version, none, or again what was deleted. */
function changesSlot({ request, response }: CloudEvent, name: string): boolean {
  switch (name) {
    case 'DeleteSecret':
    case 'RestoreSecret':
    case 'RotationSucceeded':
      return true
    case 'UpdateSecret':
      return text(response.versionId) !== undefined
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

function versionOf({ request, response }: CloudEvent): Attributes {
  return {
    versionId: text(request.versionId) ?? text(request.moveToVersionId) ?? text(response.versionId),
    versionStage: text(request.versionStage),
  }
}

/** One or several parameters of the Parameter Store. Read without decryption, an encrypted one yields nothing of use. */
export function parameter({ event, name, kind, groups }: Context): Told {
  const { request } = event
  const asked = [request.name, request.path, ...list(request.names)].map(text).filter((one) => one !== undefined)
  const targets = asked.map((one) => parameterPlace(event, one))
  const [first, ...others] = targets
  const isPath = text(request.path) !== undefined
  if (event.outcome === 'succeeded' && (name === 'PutParameter' || name.startsWith('DeleteParameter')))
    for (const [index, target] of targets.entries()) groups.endSlot(target, index === 0 ? 'slot' : `slot:${index}`)
  if (kind === 'secret-read' && !isPath && others.length > 0)
    for (const [index, target] of targets.entries()) groups.mentionSlot(target, `obtained:${index}`)
  const isPlain = kind === 'secret-read' && request.withDecryption !== true
  return {
    target: others.length === 0 ? first : undefined,
    kind: isPlain ? 'operation' : kind,
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
