import type { Instant, Key } from '@catena/domain'
import { MemoryLedger } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import { DUTIES_DEFAULT } from '../sharing/duties.js'
import { SHARING } from '../sharing/registry.js'
import { administer } from './administer.js'
import { OF_LISTS, OF_SHARING, OF_STEWARDSHIP } from './commands.js'

const START = Date.parse('2026-03-02T09:00:00Z')
const HOUR = 3_600_000
const credential = { system: 'vault/prod-1', container: 'kv_1', path: 'payments/stripe' }
const credentials = [credential]
const [ana, ben, chief] = ['ana', 'ben', 'chief'].map((name) => ({ key: `person:keycloak/acme:${name}`, name }))
const payments = { key: 'group:keycloak/acme:payments', name: 'payments' }

interface Who {
  readonly key: string
  readonly name: string
}
const by = (who: Who = chief!, roles: readonly string[] = ['security-engineer'], groups: readonly string[] = []) =>
  ({ id: who.key, name: who.name, kind: 'person', roles, keys: [who.key], groups }) as const

/** Each an hour after the one before. */
function linesOf(...commands: readonly Readonly<Record<string, unknown>>[]): string[] {
  return commands.map((command, hour) =>
    JSON.stringify({ at: new Date(START + hour * HOUR).toISOString(), by: by(), ...command }),
  )
}

async function told(...lines: readonly string[]) {
  const shown = { now: 0 as Instant }
  const ledger = new MemoryLedger({ now: () => shown.now })
  const moments: Instant[] = []
  const desk = {
    streams: ledger,
    uses: (_: readonly string[], keys: readonly Key[]) => Promise.resolve(keys.includes(ben!.key as Key)),
    onMoment: (at: Instant) => void moments.push((shown.now = at)),
  }
  const outcome = await administer(desk, lines)
  return { outcome, moments, events: await ledger.readDecisions(0, 1_000) }
}

const until = new Date(START + 100 * HOUR).toISOString()
const later = new Date(START + 200 * HOUR).toISOString()
const from = new Date(START).toISOString()
const request = { credentials, to: payments.key, toName: 'payments', toRole: true, reason: 'refunds', from, until }
const asks = (id: string, who: Who) => ({ do: 'RequestAccess', id, request, by: by(who, []) })
const plan = { credentials, mayActivate: [ana], condition: 'the vault is down', closeWithinMs: HOUR, reviewWithinMs: 24 * HOUR, reviewer: chief!.key, reviewerName: 'chief' } // prettier-ignore
const terms = { credentials, kind: 'vendor-portal', controls: ['shared-identity'], reason: 'one login', blastRadius: 'refunds', from, until, compensations: [{ name: 'log', heartbeatMs: HOUR }] } // prettier-ignore
const parts = { credentials, name: 'deploy', approver: ana!.key, approverName: 'ana', aiEnabled: false }

/** Every command once, in an order in which no rule refuses any. */
const EVERYTHING = [
  { do: 'PublishOwnershipRules', rules: [{ id: 'all', path: '**', owner: payments }] },
  { do: 'PublishExclusiveDuties', pairs: DUTIES_DEFAULT },
  { do: 'RegisterCredential', credential, system: credential.system, path: credential.path },
  { do: 'AssignOwner', credential, ...payments },
  { do: 'AttestOwnership', credential, by: by(ana, ['credential-owner'], [payments.key]) },
  { do: 'AddSteward', credential, ...ben!, role: 'requester' },
  { do: 'RemoveSteward', credential, key: ben!.key, role: 'requester' },
  { do: 'DeclareFacts', credential, facts: { purpose: 'refunds', environment: 'production' } },
  { do: 'DeclareCheckout', credential, ...ben!, from },
  { do: 'DeclareCopy', credential, kind: 'chat', place: '#payments', version: 3 },
  { do: 'ClearCopy', credential, kind: 'chat', place: '#payments' },
  { do: 'DeclareWorkflow', id: 'w', parts },
  { do: 'DelegateApproval', id: 'w', to: chief, from, until, by: by(ana) },
  { do: 'EndDelegation', id: 'w', to: chief!.key, by: by(ana) },
  { do: 'RetireWorkflow', id: 'w', reason: 'over' },
  asks('g1', ana!),
  { do: 'ApproveAccess', id: 'g1' },
  { do: 'RevokeGrant', id: 'g1', reason: 'over' },
  asks('g2', ana!),
  { do: 'DenyAccess', id: 'g2', reason: 'no' },
  asks('g3', ana!),
  { do: 'WithdrawRequest', id: 'g3', by: by(ana, []) },
  { do: 'PlanBreakGlass', credential, plan },
  { do: 'ActivateBreakGlass', credential, activation: 'a', reason: 'fire', by: by(ana, []) },
  { do: 'CloseBreakGlass', credential, activation: 'a', by: by(ana, []) },
  { do: 'ReviewBreakGlass', credential, activation: 'a', outcome: 'justified', words: 'it was' },
  { do: 'IssueIncidentToken', id: 'i', token: { credentials, incident: 'INC-1', responders: [ana] } },
  { do: 'ContainIncident', id: 'i', words: 'revoked' },
  { do: 'OpenMigration', id: 'm', window: { credentials, until, replacedBy: 'leases' } },
  { do: 'ExtendMigration', id: 'm', until: later, reason: 'late' },
  { do: 'CutOver', id: 'm', words: 'done' },
  { do: 'RequestException', id: 'e1', terms, by: by(ana) },
  { do: 'ApproveException', id: 'e1' },
  { do: 'ReportCompensation', id: 'e1', name: 'log' },
  { do: 'RevokeException', id: 'e1', reason: 'over' },
  { do: 'RequestException', id: 'e2', terms, by: by(ana) },
  { do: 'RejectException', id: 'e2', reason: 'no' },
  { do: 'RequestRelease', id: 'r', release: { credentials, release: '1.0', from, until }, by: by(ana) },
  { do: 'ApproveRelease', id: 'r' },
  { do: 'TieJobToken', id: 'j', tied: { credentials, job: 'nightly' } },
  { do: 'DisableJob', id: 'j', words: 'replaced' },
  { do: 'ReportExposure', id: 'x', report: { credentials, how: 'leak', exposedAt: from, words: 'a paste' } },
  { do: 'WithdrawExposure', id: 'x', reason: 'another' },
  { do: 'DeclareAlert', id: 'a', alert: { credentials, name: 'odd hours', heartbeatMs: HOUR } },
  { do: 'ReportAlert', id: 'a', test: true },
]

describe('a stream of administration', () => {
  it('R3.1 runs every command by its own decider, as who gave it and at its moment', async () => {
    const names = [OF_STEWARDSHIP, OF_LISTS, ...Object.values(OF_SHARING)].flatMap((each) => Object.keys(each))
    expect(new Set(EVERYTHING.map((command) => command.do))).toEqual(new Set(names))
    expect(Object.keys(OF_SHARING)).toEqual(Object.keys(SHARING))
    const { outcome, events, moments } = await told(...linesOf(...EVERYTHING))
    expect(events).toHaveLength(EVERYTHING.length)
    expect(outcome.commands).toBe(EVERYTHING.length)
    expect(events.map(({ occurredAt }) => occurredAt)).toEqual(moments)
    expect(events.map(({ recordedAt }) => recordedAt)).toEqual(moments)
    expect(events[4]).toMatchObject({ type: 'CredentialOwnershipAttested', actor: ana!.key })
    for (const [index, { position }] of events.entries()) expect(outcome.positions.get(index + 1)).toEqual([position])
  })

  it('runs in the order of its moments, whatever the order of its lines', async () => {
    const { events } = await told(...linesOf(...EVERYTHING).reverse())
    expect(events.map(({ occurredAt }) => occurredAt)).toEqual(EVERYTHING.map((_, hour) => START + hour * HOUR))
  })

  it('R3.1 ends at the line that a rule refuses, and names it', async () => {
    const own = linesOf(asks('g', ana!), { do: 'ApproveAccess', id: 'g', by: by(ana) })
    await expect(told(...own)).rejects.toMatchObject({ line: 2, code: 'OWN_REQUEST' })
    await expect(told(...own)).rejects.toThrow(/^administration, line 2: ApproveAccess: who asks/)
    const twice = linesOf(
      asks('g', ana!),
      { do: 'DenyAccess', id: 'g', reason: 'no' },
      { do: 'ApproveAccess', id: 'g' },
    )
    await expect(told(...twice)).rejects.toMatchObject({ line: 3, code: 'TOO_LATE' })
  })

  it('R3.12 takes no request under a workflow that does not share it, by the same rule as the API', async () => {
    const asked = (workflow: string) => ({ ...asks('g', ana!), request: { ...request, workflow } })
    const other = { ...credential, path: 'payments/other' }
    const flow = { do: 'DeclareWorkflow', id: 'w', parts: { ...parts, credentials: [other] } }
    await expect(told(...linesOf(flow, asked('w')))).rejects.toMatchObject({ line: 2, code: 'NOT_IN_WORKFLOW' })
    await expect(told(...linesOf(asked('v')))).rejects.toMatchObject({ line: 1, code: 'NO_SUCH_WORKFLOW' })
  })

  it('R5.10 asks who may approve by the same rules as the API', async () => {
    const asked = asks('g', ana!)
    const approves = (who: object) => told(...linesOf(asked, { do: 'ApproveAccess', id: 'g', by: who }))
    await expect(approves(by(chief, ['credential-owner']))).rejects.toMatchObject({ code: 'NOT_AN_APPROVER' })
    const duties = { do: 'PublishExclusiveDuties', pairs: [['use', 'approve']] }
    const uses = linesOf(duties, asked, { do: 'ApproveAccess', id: 'g', by: by(ben) })
    await expect(told(...uses)).rejects.toMatchObject({ line: 3, code: 'EXCLUSIVE_DUTY' })
    await expect(approves(by(ben))).resolves.toBeDefined()
  })

  it.each([
    ['no JSON', '{', 'it is no JSON object'],
    ['a command that is none', JSON.stringify({ do: 'Dance' }), 'there is no command Dance'],
    ['a member too many', linesOf({ do: 'WithdrawRequest', id: 'g', force: true })[0]!, 'WithdrawRequest: '],
    ['a key that is none', linesOf({ do: 'AssignOwner', credential, key: 'ana', name: 'ana' })[0]!, 'AssignOwner: key is no key'], // prettier-ignore
  ])('does nothing where a line cannot be read: %s', async (_, line, words) => {
    const ledger = new MemoryLedger()
    const desk = { streams: ledger, uses: () => Promise.resolve(false) }
    const first = linesOf({ do: 'AssignOwner', credential, ...payments })
    const refused = administer(desk, [...first, line])
    await expect(refused).rejects.toMatchObject({ line: 2, message: expect.stringContaining(words) as unknown })
    expect(await ledger.readDecisions(0, 10)).toEqual([])
  })
})
