import { at, textAt, type ActivityKind, type JsonObject } from '@catena/domain'
import type { RuleLiteral } from '../../redaction.js'
import { targetIn } from '../target.js'
import { attributesAt, present, type Decision, type Paths, type Reading, type Told } from '../told.js'
import type { Time } from './times.js'
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
  readonly kind: ActivityKind | ((action: string | undefined) => ActivityKind)
  /** Members of the payload that may be stored, beside the envelope. */
  readonly allowed: RuleLiteral
  readonly time: Time
  readonly attributes?: Paths
  /** Role → path of an account that the change concerns. */
  readonly accounts?: Paths
  /** Path of the thing's id, and the folder under which it is a target. */
  readonly target?: readonly [folder: string, id: string]
  /** Of approvals: action → decision. */
  readonly decisions?: Readonly<Record<string, Decision>>
  /** Of teams: the action after which there is none any more, and nobody in it. */
  readonly groupEnd?: string
  /** Paths of the environment, first that is given. */
  readonly environment?: readonly string[]
}

export function tellChange(change: Change): (reading: Reading) => Told {
  return (reading) => {
    const { body, action } = reading
    const decision = action === undefined ? undefined : change.decisions?.[action]
    presentSender(reading)
    mentionThings(reading, change)
    return {
      kind: typeof change.kind === 'function' ? change.kind(action) : change.kind,
      ...(decision === 'rejected' ? { outcome: 'denied' as const } : {}),
      target: targetOf(reading, change),
      attributes: {
        ...present(membershipAfter(change, action)),
        ...present({ change: action, decision, environment: environmentOf(body, change), ...runOf(body) }),
        ...attributesAt(body, change.attributes ?? {}),
        ...placeAttributes(body),
        ...senderAttributes(body),
      },
    }
  }
}

/** Whether somebody is in it from then on. Without that a removal would read as one of the records by which a member is known. */
function membershipAfter({ kind, groupEnd }: Change, action: string | undefined): Parameters<typeof present>[0] {
  if (groupEnd !== undefined) return { groupDeleted: action === groupEnd ? true : undefined }
  if (kind !== 'membership-changed') return {}
  return { added: action === 'added' ? true : action === 'removed' ? false : undefined }
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
  const place = {
    repository: { id: textAt(body, 'repository.id'), name: textAt(body, 'repository.full_name') },
    organization: { id: textAt(body, 'organization.id'), name: textAt(body, 'organization.login') },
  }
  return targetIn(system, place, `${target[0]}/${id}`)
}

function environmentOf(body: JsonObject, { environment }: Change): string | undefined {
  return environment?.map((path) => textAt(body, path)).find((name) => name !== undefined)
}

function runOf(body: JsonObject): Readonly<Record<string, string | undefined>> {
  return { runId: textAt(body, 'workflow_run.id'), runAttempt: textAt(body, 'workflow_run.run_attempt') }
}
