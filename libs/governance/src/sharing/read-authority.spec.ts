import { isRefusal, makeKey, type Caller, type Key } from '@catena/domain'
import { handleCommand, MemoryLedger } from '@catena/ledger'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { stewardship, stewardshipStream } from '../ownership/decider.js'
import { DUTIES_STREAM, exclusiveDuties } from './duties.js'
import { isOneOf, partyOf } from './party.js'
import { askedUnder, authorityOver, type AuthorityDesk } from './read-authority.js'
import { SHARING, sharingStream } from './registry.js'
import type { WorkflowCommand } from './workflow.js'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const [SHARED, OTHER] = ['a'.repeat(32), 'b'.repeat(32)]
const person = (name: string): Key => makeKey('person', 'keycloak/acme', name)
const lead: Caller = {
  id: person('lead'),
  name: 'lead',
  kind: 'person',
  roles: ['credential-owner'],
  keys: [person('lead')],
}

let desk: AuthorityDesk & { readonly streams: MemoryLedger }
const say = async (command: WorkflowCommand): Promise<void> => {
  const stream = sharingStream('sharing-workflow', 'w')
  const by = { actor: person('chief'), at: NOW }
  const handled = await handleCommand(desk.streams, SHARING['sharing-workflow'], { stream, command, by })
  if (isRefusal(handled)) throw new Error(handled.message)
}
const declare = (credentials: string[]): Promise<void> =>
  say({ do: 'DeclareWorkflow', parts: { credentials, name: 'billing', approver: person('lead'), aiEnabled: false } })

beforeEach(async () => {
  desk = { streams: new MemoryLedger(), uses: () => Promise.resolve(false) }
  await declare([SHARED])
})

describe('a workflow over one credential', () => {
  const over = async (...credentials: string[]) =>
    (await authorityOver(desk, lead, { credentials, workflow: 'w' }, NOW)).authority
  const asked = async (credentials: string[], workflow?: string) => {
    const answer = await askedUnder(desk, { credentials, workflow })
    return isRefusal(answer) ? answer.refused : answer
  }

  it('R3.12 lets its approver grant that one, and no other, nor that one together with another', async () => {
    expect(await over(SHARED)).toEqual({ mayApprove: true })
    expect(await over(OTHER)).toEqual({ mayApprove: true, outsideWorkflow: true })
    expect(await over(SHARED, OTHER)).toEqual({ mayApprove: true, outsideWorkflow: true })
  })

  it('R3.12 answers for no request for another, and says so when it is asked', async () => {
    expect(await asked([SHARED], 'w')).toEqual([{ stream: 'sharing-workflow:w', version: 1 }])
    expect(await asked([SHARED, OTHER], 'w')).toBe('NOT_IN_WORKFLOW')
    expect(await asked([SHARED], 'v')).toBe('NO_SUCH_WORKFLOW')
    expect(await asked([OTHER])).toEqual([])
  })

  it('R3.12 counts as it stands when somebody approves: declared anew without it, it gives no right over it', async () => {
    await declare([OTHER])
    expect(await over(SHARED)).toEqual({ mayApprove: true, outsideWorkflow: true })
    await say({ do: 'RetireWorkflow', reason: 'done' })
    expect(await asked([OTHER], 'w')).toBe('RETIRED')
  })
})

describe('a request for access without a workflow', () => {
  const chief: Caller = { ...lead, id: person('chief'), roles: ['security-engineer'], keys: [person('chief')] }
  const over = async (who: Caller, ...credentials: string[]) => authorityOver(desk, who, { credentials, workflow: undefined }, NOW) // prettier-ignore
  const assign = (credential: string, key: Key) =>
    handleCommand(desk.streams, stewardship, {
      stream: stewardshipStream(credential),
      command: { do: 'AssignOwner', credential, key, name: 'x' },
      by: { actor: person('chief'), at: NOW },
    })

  it('R3.1 is approved by who owns every credential of it, or a security engineer', async () => {
    await assign(SHARED, person('lead'))
    expect((await over(lead, SHARED, OTHER)).authority.mayApprove).toBe(false)
    await assign(OTHER, person('somebody'))
    expect((await over(lead, SHARED, OTHER)).authority.mayApprove).toBe(false)
    expect((await over(lead)).authority.mayApprove).toBe(false)
    expect((await over(chief, SHARED, OTHER)).authority.mayApprove).toBe(true)
    await assign(OTHER, person('lead'))
    expect((await over(lead, SHARED, OTHER)).authority.mayApprove).toBe(true)
  })

  it('R3.1 rests on who owns it, and on which duties exclude each other', async () => {
    await assign(SHARED, person('lead'))
    expect((await over(lead, SHARED)).resting).toEqual([
      { stream: stewardshipStream(SHARED), version: 1 },
      { stream: DUTIES_STREAM, version: 0 },
    ])
  })

  it('R5.10 is approved by nobody who uses it, where that excludes approving', async () => {
    await assign(SHARED, person('lead'))
    desk = { ...desk, uses: (credentials, keys) => Promise.resolve(credentials.includes(SHARED) && keys.includes(person('lead'))) } // prettier-ignore
    expect((await over(lead, SHARED)).authority.excludedBy).toBe(undefined)
    const by = { actor: person('chief'), at: NOW }
    await handleCommand(desk.streams, exclusiveDuties, { stream: DUTIES_STREAM, command: [['approve', 'use']], by })
    expect((await over(lead, SHARED)).authority.excludedBy).toBe('the duty to use')
    expect((await over(chief, SHARED)).authority.excludedBy).toBe(undefined)
  })
})

describe('a party', () => {
  it('R3.1 stays who they were once other keys of theirs are known', () => {
    const unknown = partyOf({ ...lead, id: 'u1', keys: [] })
    expect(isOneOf(partyOf({ ...lead, id: 'u1' }), [unknown.key])).toBe(true)
    expect(isOneOf(partyOf(lead), [unknown.key])).toBe(false)
  })
})
