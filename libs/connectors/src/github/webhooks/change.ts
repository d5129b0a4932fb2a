import { at, textAt, type ActivityKind, type JsonObject } from '@catena/domain'
import { attributesAt, present, type Paths, type Reading, type Told } from '../told.js'
import {
  mentionAccount,
  mentionEnvironment,
  mentionRepository,
  mentionRun,
  placeAttributes,
  presentSender,
  senderAttributes,
} from './subjects.js'

/** How one event that somebody caused (a key added, a member removed) is told. */
export interface Change {
  readonly kind: ActivityKind | ((body: JsonObject, action: string | undefined) => ActivityKind)
  readonly attributes?: Paths
  /** Role → path of an account that the change concerns. */
  readonly accounts?: Paths
  /** Path of the thing's id, and the folder under which it is a target. */
  readonly target?: readonly [folder: string, id: string]
  /** Paths of the environment, first that is given. */
  readonly environment?: readonly string[]
}

export function tellChange(change: Change): (reading: Reading) => Told {
  return (reading) => {
    const { body, action } = reading
    presentSender(reading)
    mentionThings(reading, change)
    return {
      kind: typeof change.kind === 'function' ? change.kind(body, action) : change.kind,
      target: targetOf(reading, change),
      attributes: {
        ...present({ change: action, environment: environmentOf(body, change), ...runOf(body) }),
        ...attributesAt(body, change.attributes ?? {}),
        ...placeAttributes(body),
        ...senderAttributes(body),
      },
    }
  }
}

function mentionThings(reading: Reading, change: Change): void {
  const { body, groups } = reading
  mentionRepository(reading)
  mentionRun(reading)
  mentionEnvironment(reading, environmentOf(body, change))
  groups.mention('group', 'group', textAt(body, 'team.id'))
  for (const [role, path] of Object.entries(change.accounts ?? {})) mentionAccount(groups, role, at(body, path))
}

function targetOf({ body, system }: Reading, { target }: Change): Told['target'] {
  const id = target === undefined ? undefined : textAt(body, target[1])
  if (target === undefined || id === undefined) return undefined
  const container = textAt(body, 'repository.id') ?? textAt(body, 'organization.id')
  const containerName = textAt(body, 'repository.full_name') ?? textAt(body, 'organization.login')
  return {
    system,
    ...(container === undefined ? {} : { container }),
    ...(containerName === undefined ? {} : { containerName }),
    path: `${target[0]}/${id}`,
  }
}

function environmentOf(body: JsonObject, { environment }: Change): string | undefined {
  return environment?.map((path) => textAt(body, path)).find((name) => name !== undefined)
}

function runOf(body: JsonObject): Readonly<Record<string, string | undefined>> {
  return { runId: textAt(body, 'workflow_run.id'), runAttempt: textAt(body, 'workflow_run.run_attempt') }
}
