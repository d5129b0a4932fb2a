import { MemoryFacts } from '@catena/access-chain'
import { isRefusal, type Activity, type Caller, type Key, type Refusal } from '@catena/domain'
import { sharingView, type SharingCommandOf, type SharingKind } from '@catena/governance'
import { PostgresLedger, type ManyStreams } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { DecisionViewRunner, type AccessReader } from '@catena/projections'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { DecisionDesk } from '../commands/decision-desk.js'
import { AnswerAccessRequest, AnswerAccessRequestHandler } from './approve-access.js'
import { decideThing, type DecidedThing } from './decide-sharing.js'

/** How often each pair meets; in the first half at the very moment of the append. */
const ROUNDS = 30
const CREDENTIAL = 'c'.repeat(32)
const NOW = Date.parse('2026-03-01T12:00:00Z')

const as = (name: string, ...roles: Caller['roles']): Caller => ({
  id: `person:idp/acme:${name}`,
  name,
  kind: 'person',
  roles,
  keys: [`person:idp/acme:${name}`] as unknown as Caller['keys'],
})
const [ana, chief, other] = [as('ana'), as('chief', 'security-engineer'), as('other', 'security-engineer')]
const [lead, deputy] = [as('lead'), as('deputy')]
const partyOf = ({ keys: [key], name }: Caller) => ({ key: key!, name, keys: [key!], isMachine: false })

/** A fake of the directory: it knows nobody by another name, nor in a group. */
const nobodyElse = {
  asOf: () => Promise.resolve({ position: 0 }),
  index: () => ({ factsBy: () => Promise.resolve(new Map()) }),
  settings: { sources: [] },
} as unknown as AccessReader

let postgres: TestPostgres
let views: DecisionViewRunner
/** Two processes: each with connections of its own. */
let ledgers: PostgresLedger[]
let desks: DecisionDesk[]
let conflicts = 0

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  ledgers = [1, 2].map(() => new PostgresLedger({ databaseUrl }))
  desks = ledgers.map((streams) => ({
    streams,
    pool: createPool(databaseUrl, { applicationName: 'catena-test' }),
    clock: { now: () => NOW },
  }))
  const onError = (error: unknown): void => console.error(error)
  views = new DecisionViewRunner({ views: [sharingView], log: ledgers[0]!, databaseUrl, onError })
  views.start()
}, 60_000)
afterAll(async () => {
  await views.stop()
  for (const { pool } of desks) await pool.end()
  for (const ledger of ledgers) await ledger.close()
  await postgres.stop()
})

type Attempt = (desk: DecisionDesk, id: string) => Promise<DecidedThing | Refusal>
const decide = <Kind extends SharingKind>(desk: DecisionDesk, kind: Kind, id: string, command: SharingCommandOf<Kind>, who: Caller) =>
  decideThing(desk, kind, id, command, who) // prettier-ignore
const approve = (who: Caller): Attempt => (desk, id) =>
  new AnswerAccessRequestHandler(desk, nobodyElse).execute(new AnswerAccessRequest(id, { do: 'ApproveAccess' }, who)) // prettier-ignore
const deny = (who: Caller): Attempt => (desk, id) =>
  new AnswerAccessRequestHandler(desk, nobodyElse).execute(new AnswerAccessRequest(id, { do: 'DenyAccess', reason: 'no' }, who)) // prettier-ignore
const withdraw: Attempt = (desk, id) => decide(desk, 'grant', id, { do: 'WithdrawRequest', party: partyOf(ana) }, ana)
const revoke = (who: Caller): Attempt => (desk, id) =>
  decide(desk, 'grant', id, { do: 'RevokeGrant', party: partyOf(who), reason: 'left' }, who) // prettier-ignore

async function ask(id: string, workflow?: string): Promise<void> {
  const asked = {
    credentials: [CREDENTIAL], to: partyOf(ana).key, toName: 'ana', toRole: false, reason: 'billing run', from: NOW, until: NOW + 3_600_000,
    ...(workflow === undefined ? {} : { workflow }),
  } // prettier-ignore
  const answer = await decide(desks[0]!, 'grant', id, { do: 'RequestAccess', party: partyOf(ana), request: asked }, ana)
  if (isRefusal(answer)) throw new Error(answer.message)
}

/** Holds the first append of each until both have read the same version; later ones pass. Counts who then found the stream moved. */
function meeting(desk: DecisionDesk, arrived: () => Promise<void>): DecisionDesk {
  let first = true
  const streams = new Proxy(desk.streams, {
    get: (target, name) => {
      const member = Reflect.get(target, name, target) as unknown
      if (typeof member !== 'function') return member
      const call = member.bind(target) as (...given: unknown[]) => Promise<unknown>
      if (name !== 'appendDecisions' && name !== 'appendTogether') return call
      return async (...given: unknown[]) => {
        if (first) {
          first = false
          await arrived()
        }
        return call(...given).catch((error: unknown) => {
          conflicts++
          throw error
        })
      }
    },
  }) satisfies ManyStreams
  return { ...desk, streams }
}

function both(): () => Promise<void> {
  let open = (): void => undefined
  const met = new Promise<void>((resolve) => (open = resolve))
  let waiting = 0
  return () => {
    if (++waiting === 2) open()
    return met
  }
}

async function atOnce(id: string, round: number, one: Attempt, two: Attempt) {
  const arrived = both()
  const pair = desks.map((desk) => (round < ROUNDS / 2 ? meeting(desk, arrived) : desk))
  const order = round % 2 === 0 ? pair : [...pair].reverse()
  return Promise.all([one(order[0]!, id), two(order[1]!, id)])
}
const eventsOf = async (stream: string) => (await ledgers[0]!.readStream(stream)).map(({ type, actor, position }) => ({ type, actor, position })) // prettier-ignore
const codeOf = (answer: DecidedThing | Refusal): string => (isRefusal(answer) ? answer.refused : (answer.status ?? ''))

describe('two decisions about one request at once, from two processes', () => {
  it.each([
    ['two approvals', approve(chief), approve(other), [['granted', 'TOO_LATE']]],
    ['an approval and the withdrawal', approve(chief), withdraw, [['granted', 'TOO_LATE'], ['TOO_LATE', 'withdrawn']]],
    ['an approval and a denial', approve(chief), deny(other), [['granted', 'TOO_LATE'], ['TOO_LATE', 'denied']]],
  ] as const)('R3.1 %s: one wins by version, the other is told so, both stand on record', async (name, one, two, ends) => {
    conflicts = 0
    for (let round = 0; round < ROUNDS; round++) {
      const id = `${name.replaceAll(' ', '-')}-${round}`
      await ask(id)
      const codes = (await atOnce(id, round, one, two)).map(codeOf)
      expect(ends.map((end) => [...end].sort())).toContainEqual([...codes].sort())
      const [, won, lost, ...more] = await eventsOf(`grant:${id}`)
      expect(more).toEqual([])
      expect(lost!.type).toBe('DecisionCameTooLate')
      expect(won!.type).not.toBe('DecisionCameTooLate')
      expect(won!.actor).not.toBe(lost!.actor)
    }
    // Every pair that met at the append read one version, and one of them found it moved.
    expect(conflicts).toBeGreaterThanOrEqual(ROUNDS / 2)
  }, 60_000) // prettier-ignore

  it('R3.1 a grant and its revocation: what was revoked ends, what was not granted yet is refused as that, both stand on record', async () => {
    conflicts = 0
    const seen = new Set<string>()
    for (let round = 0; round < ROUNDS; round++) {
      const id = `granted-and-revoked-${round}`
      await ask(id)
      const codes = (await atOnce(id, round, approve(chief), revoke(other))).map(codeOf).join(' ')
      const [, first, second, ...more] = (await eventsOf(`grant:${id}`)).map(({ type }) => type)
      expect(more).toEqual([])
      expect([`granted revoked ${first} ${second}`, `granted NOT_GRANTED ${first} ${second}`]).toContain(`${codes} ${first} ${second}`) // prettier-ignore
      expect(['AccessApproved GrantRevoked', 'RevocationCameTooEarly AccessApproved']).toContain(`${first} ${second}`)
      expect(codes.endsWith('revoked')).toBe(second === 'GrantRevoked')
      seen.add(codes)
    }
    expect(conflicts).toBeGreaterThanOrEqual(ROUNDS / 2)
    expect(seen.size).toBeGreaterThan(0)
  }, 60_000)

  it('R3.1 two revocations of one grant: one ends it, the other came too late', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const id = `two-revocations-${round}`
      await ask(id)
      await approve(chief)(desks[0]!, id)
      const codes = (await atOnce(id, round, revoke(chief), revoke(other))).map(codeOf)
      expect([...codes].sort()).toEqual(['TOO_LATE', 'revoked'])
      expect((await eventsOf(`grant:${id}`)).slice(2).map(({ type }) => type)).toEqual(['GrantRevoked', 'DecisionCameTooLate']) // prettier-ignore
    }
  }, 60_000)

  it('R3.13 an approval by a delegate and the end of the delegation: never an approval by a right that had ended', async () => {
    const named = (who: Caller) => ({ key: partyOf(who).key, name: who.name })
    const codes = new Set<string>()
    for (let round = 0; round < ROUNDS; round++) {
      const [id, flow] = [`delegated-${round}`, `flow-${round}`]
      const parts = { credentials: [CREDENTIAL], name: flow, aiEnabled: false, approver: partyOf(lead).key }
      await decide(desks[0]!, 'sharing-workflow', flow, { do: 'DeclareWorkflow', parts }, lead)
      await decide(desks[0]!, 'sharing-workflow', flow, { do: 'DelegateApproval', party: partyOf(lead), to: named(deputy), from: NOW - 1, until: NOW + 9e6 }, lead)
      await ask(id, flow)
      const end: Attempt = (desk) => decide(desk, 'sharing-workflow', flow, { do: 'EndDelegation', party: partyOf(lead), to: named(deputy).key }, lead)
      const [answer] = await atOnce(id, round, approve(deputy), end)
      codes.add(codeOf(answer))
      const ended = (await eventsOf(`sharing-workflow:${flow}`)).at(-1)!
      const [, approval] = await eventsOf(`grant:${id}`)
      expect(ended.type).toBe('ApprovalDelegationEnded')
      expect([approval!.type, approval!.position < ended.position]).toEqual(isRefusal(answer) ? ['ApprovalRefused', false] : ['AccessApproved', true])
    }
    expect([...codes].every((code) => code === 'granted' || code === 'NOT_AN_APPROVER')).toBe(true)
  }, 60_000) // prettier-ignore
})

describe('what is asked for a group', () => {
  it('R3.1 is approved by nobody who is in it, and may be denied by them', async () => {
    const group = 'group:idp/acme:ops' as Key
    const keys = [{ role: 'group', key: group }, { role: 'member-chief', key: partyOf(chief).key }]
    const groups = keys.map(({ role, key }) => ({ role, verb: 'relates', trust: 'verified', forms: [{ key, position: 1 }] }))
    const facts = new MemoryFacts()
    facts.add({ factId: 'f', source: 'idp', kind: 'membership-changed', type: 't', occurredAt: NOW - 1, resolutionMs: 0, outcome: 'succeeded', groups, attributes: { added: true }, conflicts: [], positions: [1] } as Activity)
    const directory = Object.assign(Object.create(nobodyElse) as AccessReader, { index: () => facts.at({ position: Infinity, validAt: undefined }) })
    const request = { credentials: [CREDENTIAL], to: group, toName: 'ops', toRole: true, reason: 'on call', from: NOW, until: NOW + 3_600_000 }
    await decide(desks[0]!, 'grant', 'for-ops', { do: 'RequestAccess', party: partyOf(ana), request }, ana)
    await decide(desks[0]!, 'grant', 'for-nobody', { do: 'RequestAccess', party: partyOf(ana), request }, ana)
    const handler = new AnswerAccessRequestHandler(desks[0]!, directory)
    const approve = (who: Caller) => handler.execute(new AnswerAccessRequest('for-ops', { do: 'ApproveAccess' }, who))
    const deny = (who: Caller) => handler.execute(new AnswerAccessRequest('for-nobody', { do: 'DenyAccess', reason: 'not now' }, who))
    expect(await approve(chief)).toMatchObject({ refused: 'OWN_REQUEST' })
    expect(await approve(other)).toMatchObject({ status: 'granted' })
    expect(await deny(ana)).toMatchObject({ refused: 'OWN_REQUEST' })
    expect(await deny(chief)).toMatchObject({ status: 'denied' })
  }, 30_000) // prettier-ignore
})
