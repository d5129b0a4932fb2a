import { isRefusal, makeKey, type Key } from '@catena/domain'
import { handleCommand, MemoryLedger } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import type { GrantEvent } from './grant-events.js'
import { grant, type Authority, type Grant, type GrantCommand } from './grant.js'
import type { Party } from './party.js'

const HOUR = 3_600_000
const NOW = 100 * HOUR
const person = (name: string): Key => makeKey('person', 'keycloak/acme', name)
const party = (name: string, more: Partial<Party> = {}): Party => ({
  key: person(name),
  name,
  keys: [person(name)],
  isMachine: false,
  ...more,
})
const [ana, ben, chief] = [party('ana'), party('ben'), party('chief')]
const ANY: Authority = { mayApprove: true }
const by = (name: string, at = NOW) => ({ actor: person(name), at })

const asked = (more: object = {}): GrantCommand => ({
  do: 'RequestAccess',
  party: ana,
  request: {
    credentials: ['c'.repeat(32)],
    to: ben.key,
    toName: 'ben',
    toRole: false,
    reason: 'billing run',
    from: NOW,
    until: NOW + 8 * HOUR,
    ...more,
  },
})

function after(...commands: readonly [GrantCommand, Party][]): Grant {
  return commands.reduce((state, [command, who]) => {
    const events = when(state, command, who)
    if (!Array.isArray(events)) throw new Error(`refused: ${String(events)}`)
    return (events as GrantEvent[]).reduce((s, event) => grant.evolve(s, event, by(who.name)), state)
  }, grant.initial)
}
function when(state: Grant, command: GrantCommand, who: Party = chief): unknown {
  const answer = grant.decide(state, command, by(who.name))
  if (isRefusal(answer)) return answer.refused
  // An attempt without the right is refused, and stands on record.
  return answer[0]?.type === 'ApprovalRefused' ? answer[0].data.code : answer
}
const approve = (who: Party, more: object = {}, authority = ANY): GrantCommand => ({
  do: 'ApproveAccess',
  party: who,
  authority,
  ...more,
})
const requested = after([asked(), ana])

describe('a request for access', () => {
  it('R3.1 keeps who asked, for whom, why and for how long', () => {
    expect(requested).toMatchObject({
      status: 'requested',
      request: { requestedBy: ana.key, to: ben.key, reason: 'billing run', until: NOW + 8 * HOUR },
    })
  })
  it('cannot be over before it is asked, nor end before it begins', () => {
    expect(when(grant.initial, asked({ until: NOW }))).toBe('WINDOW')
    expect(when(grant.initial, asked({ from: NOW + 2 * HOUR, until: NOW + HOUR }))).toBe('WINDOW')
    expect(when(grant.initial, asked({ credentials: [] }))).toBe('NO_CREDENTIAL')
    expect(when(requested, asked())).toBe('ALREADY_REQUESTED')
  })
  it('R3.2 may leave its end out, which is a finding and no error', () => {
    expect(when(grant.initial, asked({ until: undefined }))).toMatchObject([{ type: 'AccessRequested' }])
  })
  it('R3.1 is never approved by who asked, nor by who would benefit, by whatever key', () => {
    expect(when(requested, approve(ana))).toBe('OWN_REQUEST')
    expect(when(requested, approve(ben))).toBe('OWN_REQUEST')
    expect(when(requested, approve(party('chief', { keys: [chief.key, ana.key] })))).toBe('OWN_REQUEST')
  })
  it('R3.12 is approved only by whom its workflow lets', () => {
    expect(when(requested, approve(chief, {}, { mayApprove: false }))).toBe('NOT_AN_APPROVER')
  })
  it('R3.12 is not approved under a workflow that does not share all of it, and can be denied there', () => {
    const authority = { mayApprove: true, outsideWorkflow: true }
    expect(when(requested, approve(chief, {}, authority))).toBe('NOT_IN_WORKFLOW')
    expect(when(requested, { do: 'DenyAccess', party: chief, authority, reason: 'no' })).toMatchObject([
      { type: 'AccessDenied' },
    ])
  })
  it('R5.10 is not approved by who has a duty that excludes approving', () => {
    expect(when(requested, approve(chief, {}, { mayApprove: true, excludedBy: 'holding it' }))).toBe('EXCLUSIVE_DUTY')
  })
  it('R3.13 says on whose behalf it was approved', () => {
    const delegated = { mayApprove: true, onBehalfOf: person('lead') }
    expect(when(requested, approve(chief, {}, delegated))).toMatchObject([{ data: { onBehalfOf: person('lead') } }])
  })
  it('R3.1 R3.13 is not approved in the place of who asked or would benefit, by whatever name, and can be denied so', () => {
    const lead = party('lead')
    const instead = (...delegator: Key[]): Authority => ({ mayApprove: true, onBehalfOf: lead.key, delegator })
    expect(when(requested, approve(chief, {}, instead(lead.key)))).toMatchObject([{ type: 'AccessApproved' }])
    for (const one of [ana, ben])
      expect(when(requested, approve(chief, {}, instead(lead.key, one.key)))).toBe('OWN_REQUEST')
    const deny: GrantCommand = { do: 'DenyAccess', party: chief, authority: instead(ana.key), reason: 'no' }
    expect(when(requested, deny)).toMatchObject([{ type: 'AccessDenied' }])
  })
  it('R3.1 marks the approval of a program as such', () => {
    expect(when(requested, approve(party('bot', { isMachine: true })))).toMatchObject([{ data: { byBot: true } }])
  })
  it('R3.1 is granted for the window that was asked for or a part of it, never more', () => {
    expect(when(requested, approve(chief, { until: NOW + HOUR }))).toMatchObject([{ data: { until: NOW + HOUR } }])
    expect(when(requested, approve(chief, { until: NOW + 9 * HOUR }))).toBe('WIDER_THAN_REQUESTED')
    expect(when(requested, approve(chief, { from: NOW - 1 }))).toBe('WIDER_THAN_REQUESTED')
  })
  it('R3.2 is not granted once its window is over', () => {
    const late = (at: number) => grant.decide(requested, approve(chief), by('chief', at))
    expect(late(NOW + 8 * HOUR)).toMatchObject({ refused: 'WINDOW' })
    expect(late(NOW + 8 * HOUR - 1)).toMatchObject([{ type: 'AccessApproved' }])
  })
  it('is withdrawn by who asked and denied by who might approve', () => {
    expect(when(requested, { do: 'WithdrawRequest', party: chief })).toBe('NOT_THE_REQUESTER')
    expect(when(requested, { do: 'WithdrawRequest', party: ana })).toMatchObject([{ type: 'AccessRequestWithdrawn' }])
    expect(when(requested, { do: 'DenyAccess', party: ana, authority: ANY, reason: 'no' })).toBe('OWN_REQUEST')
    expect(when(requested, { do: 'DenyAccess', party: chief, authority: ANY, reason: 'no' })).toMatchObject([
      { type: 'AccessDenied', data: { reason: 'no' } },
    ])
  })
})

describe('a grant', () => {
  const granted = after([asked(), ana], [approve(chief), chief])

  it('is approved once: the same approver again changes nothing', () => {
    expect(when(granted, approve(chief))).toEqual([])
    expect(when(granted, approve(chief, { until: NOW + 8 * HOUR }))).toEqual([])
  })
  it('is not said to be granted in other terms than it is', () => {
    const narrowed = after([asked(), ana], [approve(chief, { until: NOW + HOUR, reason: 'a run' }), chief])
    expect(when(narrowed, approve(chief, { until: NOW + HOUR, reason: 'a run' }))).toEqual([])
    for (const other of [
      { until: NOW + HOUR },
      { from: NOW + 1 },
      { until: NOW + 2 * HOUR, reason: 'a run' },
      { scope: 'read' },
    ])
      expect(when(narrowed, approve(chief, other))).toBe('ALREADY_GRANTED')
    expect(when(granted, approve(chief, { until: NOW + HOUR }))).toBe('ALREADY_GRANTED')
  })
  it('R3.1 ends by revocation, with its reason', () => {
    const revoked = after([asked(), ana], [approve(chief), chief], [{ do: 'RevokeGrant', party: chief, reason: 'left' }, chief]) // prettier-ignore
    expect(revoked).toMatchObject({ status: 'revoked', endedAt: NOW })
  })
  it('R3.1 keeps on record who tried to approve without the right, and changes nothing by it', () => {
    const events = grant.decide(requested, approve(ana), by('ana')) as readonly GrantEvent[]
    expect(events).toMatchObject([{ type: 'ApprovalRefused', data: { by: ana.key, code: 'OWN_REQUEST' } }])
    expect(events.reduce((state, event) => grant.evolve(state, event, by('ana')), requested)).toEqual(requested)
  })
  it('keeps on record a revocation that came before anything was granted', () => {
    const events = when(requested, { do: 'RevokeGrant', party: chief, reason: 'left' }) as GrantEvent[]
    expect(events).toMatchObject([{ type: 'RevocationCameTooEarly', data: { by: chief.key, reason: 'left' } }])
    expect(events.reduce((state, event) => grant.evolve(state, event, by('chief')), requested)).toEqual(requested)
  })
  it('keeps on record what came too late, and changes nothing by it', () => {
    const late = when(granted, { do: 'WithdrawRequest', party: ana }) as GrantEvent[]
    expect(late).toMatchObject([{ type: 'DecisionCameTooLate', data: { decision: 'withdraw', by: ana.key } }])
    expect(late.reduce((state, event) => grant.evolve(state, event, by('ana')), granted)).toEqual(granted)
  })
})

describe('two decisions at once', () => {
  const race = async (...commands: readonly GrantCommand[]) => {
    const ledger = new MemoryLedger()
    const handle = (command: GrantCommand) =>
      handleCommand(ledger, grant, { stream: 'grant:1', command, by: by('chief') })
    await handle(asked())
    await Promise.all(commands.map(handle))
    return (await ledger.readStream('grant:1')).map(({ type }) => type)
  }
  const other = party('other')

  it.each([
    ['two approvals', approve(chief), approve(other), ['AccessApproved']],
    ['an approval and a withdrawal', approve(chief), { do: 'WithdrawRequest', party: ana } as const, ['AccessApproved', 'AccessRequestWithdrawn']],
    ['an approval and a denial', approve(chief), { do: 'DenyAccess', party: other, authority: ANY, reason: 'no' } as const, ['AccessApproved', 'AccessDenied']],
  ])('%s: one wins by version, the other came too late, both stand on record', async (_, one, two, winners) => {
    const types = await race(one, two)
    expect(types).toHaveLength(3)
    expect(types[2]).toBe('DecisionCameTooLate')
    expect(winners).toContain(types[1])
  }) // prettier-ignore
})
