import { isRefusal, makeKey, type Caller, type DecisionEvent, type Decider, type Key, type Role } from '@catena/domain'
import { handleCommand, loadStream, MemoryLedger, VersionConflict } from '@catena/ledger'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { stewardship, stewardshipStream } from '../ownership/decider.js'
import { OWNERSHIP_RULES_STREAM, ownershipRules } from '../ownership/rules.js'
import { partyOf } from './party.js'
import { rightTo, type RightDesk } from './read-right.js'
import { SHARING, sharingStream, type SharingCommandOf, type SharingKind } from './registry.js'
import { underRight } from './right.js'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const HOUR = 3_600_000
const until = NOW + 8 * HOUR
const [OWNED, TEAMS, RULED, OTHER] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(32)) as [string, string, string, string] // prettier-ignore
const TEAM = makeKey('group', 'keycloak/acme', 'payments')
const person = (name: string): Key => makeKey('person', 'keycloak/acme', name)
const as = (name: string, ...roles: Role[]): Caller => ({ id: person(name), name, kind: 'person', roles, keys: [person(name)] }) // prettier-ignore
const named = (name: string) => ({ key: person(name), name })
const [owner, stranger, ana] = [as('owner', 'credential-owner'), as('stranger', 'credential-owner'), as('ana', 'credential-owner', 'reviewer')] // prettier-ignore
const chief = as('chief', 'security-engineer')
const by = (who: Caller) => ({ actor: who.id, at: NOW })

let desk: RightDesk & { readonly streams: MemoryLedger }
beforeEach(async () => {
  desk = {
    streams: new MemoryLedger(),
    slotOf: (credential) => Promise.resolve(credential === RULED ? { system: 'vault/prod', path: 'ruled/x' } : undefined), // prettier-ignore
    groupsOf: (keys) => Promise.resolve(keys.includes(person('owner')) ? [TEAM] : []),
  }
  await assign(OWNED, person('owner'))
  await assign(TEAMS, TEAM)
  await assign(OTHER, person('somebody'))
  const rules = [{ id: 'ruled', path: 'ruled/**', owner: named('owner') }]
  await handleCommand(desk.streams, ownershipRules, { stream: OWNERSHIP_RULES_STREAM, command: rules, by: by(chief) })
})
const assign = (credential: string, key: Key) =>
  handleCommand(desk.streams, stewardship, {
    stream: stewardshipStream(credential),
    command: { do: 'AssignOwner', credential, key, name: 'x' },
    by: by(chief),
  })

/** What a caller is told: `decided`, or the code of the refusal. */
async function says<Kind extends SharingKind>(
  who: Caller,
  kind: Kind,
  id: string,
  command: SharingCommandOf<Kind>,
  meanwhile = () => Promise.resolve<unknown>(undefined),
) {
  // prettier-ignore
  const { right, resting } = await rightTo(desk, who, { kind, id, command }, by(who))
  await meanwhile()
  const decider = underRight(kind, right) as unknown as Decider<unknown, unknown, DecisionEvent>
  const answer = await handleCommand(desk.streams, decider, { stream: sharingStream(kind, id), command, by: by(who), resting }) // prettier-ignore
  return isRefusal(answer) ? answer.refused : 'decided'
}
const plan = (credential: string, activator = 'lead', reviewer = 'boss'): SharingCommandOf<'break-glass'> => ({
  do: 'PlanBreakGlass',
  plan: { credentials: [credential], mayActivate: [named(activator)], condition: 'fire', closeWithinMs: HOUR, reviewWithinMs: HOUR, reviewer: person(reviewer), reviewerName: reviewer },
}) // prettier-ignore
const parts = (credentials: string[], more: object = {}): SharingCommandOf<'sharing-workflow'> => ({
  do: 'DeclareWorkflow',
  parts: { credentials, name: 'billing', aiEnabled: false, ...more },
})
const grantTo = async (who: string, credential: string, more: object = {}): Promise<void> => {
  const request = { credentials: [credential], to: person(who), toName: who, toRole: false, reason: 'r', from: NOW, until, ...more } // prettier-ignore
  const steps: SharingCommandOf<'grant'>[] = [
    { do: 'RequestAccess', party: partyOf(ana), request },
    { do: 'ApproveAccess', party: partyOf(chief), authority: { mayApprove: true } },
  ]
  for (const command of steps)
    await handleCommand(desk.streams, SHARING.grant, { stream: 'grant:g', command, by: by(chief) })
}

describe('a credential owner', () => {
  it.each([
    ['own by name', [OWNED], 'decided'],
    ['own by their team', [TEAMS], 'decided'],
    ['own by a rule', [RULED], 'decided'],
    ['all of them own', [OWNED, TEAMS, RULED], 'decided'],
    ['somebody else’s', [OTHER], 'NOT_THE_OWNER'],
    ['own together with somebody else’s', [OWNED, OTHER], 'NOT_THE_OWNER'],
    ['nobody’s', ['e'.repeat(32)], 'NOT_THE_OWNER'],
  ])('R3.12 declares a workflow over what is their own: %s', async (_, credentials, told) => {
    expect(await says(owner, 'sharing-workflow', 'w', parts(credentials))).toBe(told)
  })

  it('R3.12 does not declare a workflow of others anew, to take its credentials or to leave them out', async () => {
    await says(chief, 'sharing-workflow', 'w', parts([OTHER]))
    expect(await says(owner, 'sharing-workflow', 'w', parts([OTHER, OWNED]))).toBe('NOT_THE_OWNER')
    expect(await says(owner, 'sharing-workflow', 'w', parts([OWNED]))).toBe('NOT_THE_OWNER')
    expect(await says(owner, 'sharing-workflow', 'w', { do: 'RetireWorkflow', reason: 'x' })).toBe('NOT_THE_OWNER')
  })

  it('R3.4 plans break-glass of what is their own, and nobody else of it', async () => {
    expect(await says(owner, 'break-glass', OWNED, plan(OWNED))).toBe('decided')
    expect(await says(stranger, 'break-glass', OWNED, plan(OWNED, 'stranger', 'crony'))).toBe('NOT_THE_OWNER')
    expect(await says(chief, 'break-glass', OWNED, plan(OWNED))).toBe('decided')
  })

  it('is refused where the owner changes at the same moment', async () => {
    const given = says(owner, 'break-glass', OWNED, plan(OWNED), () => assign(OWNED, person('somebody')))
    await expect(given).rejects.toThrow(VersionConflict)
    expect(await says(owner, 'break-glass', OWNED, plan(OWNED))).toBe('NOT_THE_OWNER')
  })

  it('is refused where the rules of ownership change at the same moment', async () => {
    const command: SharingCommandOf<'break-glass'> = plan(RULED)
    const publish = () =>
      handleCommand(desk.streams, ownershipRules, { stream: OWNERSHIP_RULES_STREAM, command: [], by: by(chief) })
    await expect(says(owner, 'break-glass', RULED, command, publish)).rejects.toThrow(VersionConflict)
    expect(await says(owner, 'break-glass', RULED, command)).toBe('NOT_THE_OWNER')
  })

  it('R3.12 is refused what a workflow came to share while the right was looked up', async () => {
    await says(owner, 'sharing-workflow', 'w', parts([OWNED]))
    const wider = () => says(chief, 'sharing-workflow', 'w', parts([OWNED, OTHER]))
    expect(await says(owner, 'sharing-workflow', 'w', parts([OWNED]), wider)).toBe('NOT_THE_OWNER')
  })
})

describe('whoever owns none of it', () => {
  const window = { credentials: [OTHER], until, replacedBy: 'leases' }
  const token = { credentials: [OTHER], incident: 'INC-7', responders: [named('ana')] }
  const release = { credentials: [OTHER], release: '1.0', from: NOW, until }
  const alert = { credentials: [OTHER], name: 'odd hours', heartbeatMs: HOUR }
  const terms = { credentials: [OTHER], kind: 'vendor-portal' as const, controls: ['shared-identity'], reason: 'r', blastRadius: 'b', from: NOW, until, compensations: [{ name: 'log', heartbeatMs: HOUR }] } // prettier-ignore

  it('decides nothing about it, from its beginning to its end', async () => {
    const courses: { [Kind in SharingKind]?: SharingCommandOf<Kind>[] } = {
      incident: [{ do: 'IssueIncidentToken', token }, { do: 'ContainIncident', words: 'x' }],
      migration: [{ do: 'OpenMigration', window }, { do: 'ExtendMigration', until: until + 1, reason: 'x' }, { do: 'CutOver', words: 'x' }],
      'job-token': [{ do: 'TieJobToken', tied: { credentials: [OTHER], job: 'nightly' } }, { do: 'DisableJob', words: 'x' }],
      alert: [{ do: 'DeclareAlert', alert }, { do: 'ReportAlert', test: true }],
    } // prettier-ignore
    for (const [kind, commands] of Object.entries(courses))
      for (const command of commands) {
        expect(await says(stranger, kind as never, 'x', command as never)).toBe('NOT_THE_OWNER')
        expect(await says(chief, kind as never, 'x', command as never)).toBe('decided')
      }
  })

  it('R3.7 R3.8 asks for exceptions and releases, and neither approves them nor says that a compensation was heard', async () => {
    const asked = { do: 'RequestException', party: partyOf(ana), terms } as const
    expect(await says(ana, 'exception', 'e', asked)).toBe('decided')
    expect(await says(stranger, 'exception', 'e', { do: 'ApproveException', party: partyOf(stranger) })).toBe('NOT_THE_OWNER') // prettier-ignore
    expect(await says(ana, 'exception', 'e', { do: 'RejectException', party: partyOf(ana), reason: 'x' })).toBe('NOT_THE_OWNER') // prettier-ignore
    await says(chief, 'exception', 'e', { do: 'ApproveException', party: partyOf(chief) })
    const revoke = (who: Caller) => ({ do: 'RevokeException', party: partyOf(who), reason: 'x' }) as const
    expect(
      await says(stranger, 'exception', 'e', { do: 'ReportCompensation', party: partyOf(stranger), name: 'log' }),
    ).toBe('NOT_THE_OWNER')
    expect(await says(stranger, 'exception', 'e', revoke(stranger))).toBe('NOT_THE_OWNER')
    expect(await says(ana, 'exception', 'e', revoke(ana))).toBe('decided')
    expect(await says(ana, 'signing-release', 'r', { do: 'RequestRelease', party: partyOf(ana), release })).toBe('decided') // prettier-ignore
    expect(await says(stranger, 'signing-release', 'r', { do: 'ApproveRelease', party: partyOf(stranger) })).toBe('NOT_THE_OWNER') // prettier-ignore
  })

  it('R3.1 ends a grant of their own or one that they asked for, and none of others', async () => {
    await grantTo('beneficiary', OTHER)
    const revoke = (who: Caller) => says(who, 'grant', 'g', { do: 'RevokeGrant', party: partyOf(who), reason: 'x' })
    expect(await revoke(stranger)).toBe('NOT_THE_OWNER')
    expect(await revoke(owner)).toBe('NOT_THE_OWNER')
    expect((await loadStream(desk.streams, SHARING.grant, 'grant:g')).state.status).toBe('granted')
    expect(await revoke(as('beneficiary', 'credential-owner'))).toBe('decided')
    expect((await loadStream(desk.streams, SHARING.grant, 'grant:g')).state.status).toBe('revoked')
    expect(await revoke(ana)).toBe('decided')
  })

  it('R3.12 ends a grant as the approver of its workflow, and retires the workflow', async () => {
    await says(chief, 'sharing-workflow', 'w', parts([OTHER], { approver: person('lead') }))
    await grantTo('beneficiary', OTHER, { workflow: 'w' })
    const lead = as('lead', 'credential-owner')
    expect(await says(lead, 'grant', 'g', { do: 'RevokeGrant', party: partyOf(lead), reason: 'x' })).toBe('decided')
    expect(await says(lead, 'sharing-workflow', 'w', parts([OTHER]))).toBe('NOT_THE_OWNER')
    expect(await says(lead, 'sharing-workflow', 'w', { do: 'RetireWorkflow', reason: 'x' })).toBe('decided')
  })

  it('R3.12 is refused where the workflow names another approver at the same moment', async () => {
    await says(chief, 'sharing-workflow', 'w', parts([OTHER], { approver: person('lead') }))
    await grantTo('beneficiary', OTHER, { workflow: 'w' })
    const lead = as('lead', 'credential-owner')
    const revoke = { do: 'RevokeGrant', party: partyOf(lead), reason: 'x' } as const
    const other = () => says(chief, 'sharing-workflow', 'w', parts([OTHER], { approver: person('boss') }))
    await expect(says(lead, 'grant', 'g', revoke, other)).rejects.toThrow(VersionConflict)
    expect(await says(lead, 'grant', 'g', revoke)).toBe('NOT_THE_OWNER')
  })

  it('R3.4 activates in an emergency, closes what they activated, and reviews only where the plan names them', async () => {
    const activate = (who: Caller, activation: string, credential: string) => says(who, 'break-glass', credential, { do: 'ActivateBreakGlass', party: partyOf(who), activation, credential, reason: 'down', groups: [] }) // prettier-ignore
    const close = (who: Caller, activation: string, credential: string) => says(who, 'break-glass', credential, { do: 'CloseBreakGlass', party: partyOf(who), activation }) // prettier-ignore
    const review = (who: Caller, activation: string, credential: string) => says(who, 'break-glass', credential, { do: 'ReviewBreakGlass', party: partyOf(who), activation, outcome: 'justified', words: 'fine' }) // prettier-ignore
    await says(chief, 'break-glass', OTHER, plan(OTHER, 'ana', 'boss'))
    expect(await activate(ana, 'a', OTHER)).toBe('decided')
    expect(await close(stranger, 'a', OTHER)).toBe('NOT_THE_OWNER')
    expect(await close(ana, 'a', OTHER)).toBe('decided')
    expect(await review(stranger, 'a', OTHER)).toBe('NOT_THE_REVIEWER')
    expect(await review(as('boss', 'reviewer'), 'a', OTHER)).toBe('decided')
    expect(await activate(stranger, 'c', OTHER)).toBe('decided')
    expect(await close(ana, 'c', OTHER)).toBe('NOT_THE_OWNER')
    expect(await activate(ana, 'b', OWNED)).toBe('decided')
    expect(await close(ana, 'b', OWNED)).toBe('decided')
    expect(await review(ana, 'b', OWNED)).toBe('OWN_ACTIVATION')
    expect(await review(stranger, 'b', OWNED)).toBe('NOT_THE_OWNER')
    expect(await review(owner, 'b', OWNED)).toBe('decided')
  })
})
