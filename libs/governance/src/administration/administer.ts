import { isRefusal, type DecisionEvent, type Decider, type Instant, type Key, type Refusal } from '@catena/domain'
import { handleCommand, loadStream, type DecisionStreams } from '@catena/ledger'
import { stewardship, stewardshipStream } from '../ownership/decider.js'
import { OWNERSHIP_RULES_STREAM, ownershipRules } from '../ownership/rules.js'
import { DUTIES_STREAM, exclusiveDuties } from '../sharing/duties.js'
import type { Authority, GrantCommand } from '../sharing/grant.js'
import { partyOf } from '../sharing/party.js'
import { askedUnder, authorityOver, type AuthorityDesk } from '../sharing/read-authority.js'
import { refusedOnRecord } from '../sharing/refused-on-record.js'
import { SHARING, sharingStream } from '../sharing/registry.js'
import { AdministrationFault, readLine, type AdministrationLine } from './line.js'

export interface AdministrationDesk extends AuthorityDesk {
  readonly streams: Pick<DecisionStreams, 'readStream' | 'appendDecisions'>
  /** Told the moment of each command before it is given: for a ledger whose clock is to show it. */
  readonly onMoment?: (at: Instant) => void
}

export interface Administered {
  readonly commands: number
  /** Of what each line appended, by the line's number, from 1. */
  readonly positions: ReadonlyMap<number, readonly number[]>
  /** Of the last event; views that reached it show all. 0: nothing was appended. */
  readonly position: number
}

type AnyDecider = Decider<unknown, unknown, DecisionEvent>

/**
 * Runs a stream of administration in the order of its moments: each command by its own decider, given by whom the line names, at the line's
 * moment. The first line that cannot be read, or that a rule refuses, ends it with an AdministrationFault; unreadable ones before anything is done.
 */
export async function administer(desk: AdministrationDesk, lines: readonly string[]): Promise<Administered> {
  const read = lines.map((line, index) => readLine(line, index + 1))
  const positions = new Map<number, readonly number[]>()
  for (const line of read.sort((a, b) => a.at - b.at)) {
    desk.onMoment?.(line.at)
    const { events, position } = await run(desk, line)
    positions.set(line.number, events.map((_, index) => position - events.length + 1 + index)) // prettier-ignore
  }
  return { commands: read.length, positions, position: Math.max(0, ...[...positions.values()].flat()) }
}

async function run(desk: AdministrationDesk, line: AdministrationLine) {
  const { at, by } = line
  const target = await targetOf(desk, line)
  const handled = await handleCommand(desk.streams, target.decider as AnyDecider, {
    ...target,
    by: { actor: by.id, at },
  })
  if (isRefusal(handled)) throw faultOf(line, handled)
  const refused = refusedOnRecord(handled.events, (handled.state as { status?: string } | undefined)?.status)
  if (refused !== undefined) throw faultOf(line, refused)
  return handled
}

function faultOf({ number, command }: AdministrationLine, { refused, message }: Refusal): AdministrationFault {
  return new AdministrationFault(number, `${command.do}: ${message}`, refused)
}

interface Target {
  readonly decider: unknown
  readonly stream: string
  /** As the decider takes it. */
  readonly command: unknown
}

async function targetOf(desk: AdministrationDesk, line: AdministrationLine): Promise<Target> {
  const { of, id, command } = line
  if (of === 'list')
    return command.do === 'PublishOwnershipRules'
      ? { decider: ownershipRules, stream: OWNERSHIP_RULES_STREAM, command: command.rules }
      : { decider: exclusiveDuties, stream: DUTIES_STREAM, command: command.pairs }
  if (of === 'stewardship')
    return { decider: stewardship, stream: stewardshipStream(id), command: { ...command, ...spokenFor(line) } }
  return { decider: SHARING[of], stream: sharingStream(of, id), command: await givenBy(desk, line) }
}

function spokenFor({ by }: AdministrationLine): { readonly actsFor: readonly Key[]; readonly owner: undefined } {
  return { actsFor: [by.id as Key, ...by.keys, ...by.groups], owner: undefined }
}

/** With what deciders are told of who asks. */
async function givenBy(desk: AdministrationDesk, line: AdministrationLine): Promise<object> {
  const { command, by } = line
  const told = { ...command, party: partyOf(by), groups: by.groups }
  if (command.do === 'RequestAccess') await requireWorkflow(desk, line)
  const isAnswer = command.do === 'ApproveAccess' || command.do === 'DenyAccess'
  return isAnswer ? { ...told, authority: await authorityOf(desk, line) } : told
}

/** Throws AdministrationFault where nobody could ever approve under the workflow that the request names. */
async function requireWorkflow(desk: AdministrationDesk, line: AdministrationLine): Promise<void> {
  const { request } = line.command as unknown as Extract<GrantCommand, { do: 'RequestAccess' }>
  const asked = await askedUnder(desk, request)
  if (isRefusal(asked)) throw faultOf(line, asked)
}

async function authorityOf(desk: AdministrationDesk, { id, by, at }: AdministrationLine): Promise<Authority> {
  const { state } = await loadStream(desk.streams, SHARING.grant, sharingStream('grant', id))
  const workflow = state.status === 'none' ? undefined : state.request.workflow
  return (await authorityOver(desk, by, { credentials: state.credentials, workflow }, at)).authority
}
