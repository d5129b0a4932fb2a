import { isRefusal, makeKey, type Caller, type Key } from '@catena/domain'
import { handleCommand, MemoryLedger } from '@catena/ledger'
import { beforeEach, describe, expect, it } from '@jest/globals'
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
