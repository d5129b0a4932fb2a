import type { Caller, Decided, Key } from '@catena/domain'
import { loadStream, type DecisionStreams, type StreamVersion } from '@catena/ledger'
import type { Stewardship } from '../ownership/state.js'
import { OWNERSHIP_RULES_STREAM, ownerOf, ownershipRules, type OwnershipRules } from '../ownership/rules.js'
import type { Slot } from '../slots/slot-pattern.js'
import { partyOf, type Party, type SharedThing } from './party.js'
import { inWorkflow, stewardshipOf } from './read-authority.js'
import { SHARING, sharingStream, type SharingCommandOf, type SharingKind } from './registry.js'
import { concernedBy, isOpen, type Right } from './right.js'

export interface RightDesk {
  readonly streams: Pick<DecisionStreams, 'readStream'>
  /** Where a credential lies, as records or its registration say. */
  readonly slotOf: (credential: string, stewardship: Stewardship) => Promise<Slot | undefined>
  /** Groups that a directory has somebody in now. */
  readonly groupsOf: (keys: readonly Key[]) => Promise<readonly Key[]>
}

/** A right, and the streams that say so, at the versions at which they said it. */
export interface RestedRight {
  readonly right: Right
  readonly resting: readonly StreamVersion[]
}

interface Asked<Kind extends SharingKind> {
  readonly kind: Kind
  readonly id: string
  readonly command: SharingCommandOf<Kind>
}

/**
 * By what right somebody may give a command about what is shared; decided on streams, never on a view. Only where a credential lies and
 * which groups somebody is in come from records.
 */
export async function rightTo<Kind extends SharingKind>(
  desk: RightDesk,
  caller: Caller,
  { kind, id, command }: Asked<Kind>,
  by: Decided,
): Promise<RestedRight> {
  const party = partyOf(caller)
  const right = {
    party,
    overAll: caller.roles.includes('security-engineer'),
    owned: new Set<string>(),
    approves: false,
  }
  if (right.overAll || isOpen(command)) return { right, resting: [] }
  const { state } = await loadStream<SharedThing, never>(desk.streams, SHARING[kind], sharingStream(kind, id))
  const credentials = concernedBy(kind, state, command, by)
  const [own, approval] = [await ownedOf(desk, party, credentials), await approvalIn(desk, kind, id, party, by)]
  return {
    right: { ...right, owned: own.owned, approves: approval.approves },
    resting: [...own.resting, ...approval.resting],
  }
}

interface Owned {
  readonly owned: ReadonlySet<string>
  readonly resting: readonly StreamVersion[]
}

/** Those of which the owner in force is the party, or a group that it is in: assigned by name, else by a rule. */
async function ownedOf(desk: RightDesk, party: Party, credentials: readonly string[]): Promise<Owned> {
  const read = await Promise.all(credentials.map(async (id) => ({ id, ...(await stewardshipOf(desk, id)) })))
  const rules = await loadStream(desk.streams, ownershipRules, OWNERSHIP_RULES_STREAM)
  const owners = await Promise.all(
    read.map(async ({ id, state }) => [id, await ownerInForce(desk, id, state, rules.state)] as const),
  )
  const keys = [...party.keys, ...(await desk.groupsOf(party.keys))]
  const owned = owners.flatMap(([id, owner]) => (owner !== undefined && keys.includes(owner) ? [id] : []))
  const resting = [...read.map(({ rests }) => rests), { stream: OWNERSHIP_RULES_STREAM, version: rules.version }]
  return { owned: new Set(owned), resting }
}

async function ownerInForce(
  { slotOf }: RightDesk,
  credential: string,
  stewardship: Stewardship,
  rules: OwnershipRules,
): Promise<Key | undefined> {
  if (stewardship.owner !== undefined) return stewardship.owner.key
  const slot = await slotOf(credential, stewardship)
  return slot === undefined ? undefined : ownerOf(stewardship, rules, slot)?.key
}

/** Whether the party may approve under the workflow by which a grant was asked for. */
async function approvalIn(
  { streams }: RightDesk,
  kind: SharingKind,
  id: string,
  party: Party,
  { at }: Decided,
): Promise<{ readonly approves: boolean; readonly resting: readonly StreamVersion[] }> {
  const none = { approves: false, resting: [] }
  if (kind !== 'grant') return none
  const { state } = await loadStream(streams, SHARING.grant, sharingStream('grant', id))
  if (state.status === 'none' || state.request.workflow === undefined) return none
  const asked = { credentials: state.credentials, workflow: state.request.workflow }
  const { authority, resting } = await inWorkflow({ streams }, asked, party, at)
  return { approves: authority.mayApprove, resting }
}
