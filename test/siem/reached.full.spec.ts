import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  MemoryFacts,
  walk,
  WALK_DEFAULTS,
  type Chain,
  type MemoryFactIndex,
  type WalkSettings,
} from '@catena/access-chain'
import type { Activity } from '@catena/domain'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { feedKindOf } from '../../libs/siem/src/feed/activity-kinds.js'
import { chainOf } from '../../libs/siem/src/feed/chain-aspects.js'
import { isWalked } from '../../libs/siem/src/feed/derive.js'
import { reachedBy } from '../../libs/siem/src/feed/reached.js'
import { writeChangingNames } from '../truth/changing-names.js'
import { recordedObservations, type Recorded } from '../truth/recorded.js'
import { Chance } from '../truth/simulation/chance.js'

const BATCHES = 16

const ORDERS: readonly [string, (observations: readonly Activity[]) => readonly Activity[]][] = [
  ['one source after another', (all) => all],
  ['the issuers first', (all) => [...all].sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0))],
  ['in the order of their times', (all) => [...all].sort((a, b) => a.occurredAt - b.occurredAt)],
  ['shuffled', (all) => new Chance(5).shuffled(all)],
]

/** Each with the number of changes of old chains that every order of arrival brings at the least. */
const ORGANISATIONS: readonly [string, (folder: string) => Promise<Recorded>, number][] = [
  ['the recorded organisation', () => recordedObservations(), 11],
  ['a simulated organisation', simulated, 2],
]

function simulated(folder: string): Promise<Recorded> {
  writeChangingNames(folder)
  return recordedObservations(folder)
}

describe.each(ORGANISATIONS)('what a batch may have changed of %s', (_, open, changesMin) => {
  let folder: string
  let recorded: Recorded
  let whole: MemoryFactIndex
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'catena-reached-'))
    recorded = await open(folder)
    const facts = new MemoryFacts()
    for (const observation of recorded.observations) facts.add(observation)
    whole = facts.at({ position: recorded.position })
  }, 60_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const settings = (): WalkSettings => ({ ...WALK_DEFAULTS, sources: recorded.sources })

  /** How far clocks differ and what sources cover changes chains that no name leads to: here it is known from the beginning. */
  function withSurroundings(index: MemoryFactIndex): MemoryFactIndex {
    index.clockBounds = (presenter, issuer) => whole.clockBounds(presenter, issuer)
    index.coverage = (source) => whole.coverage(source)
    return index
  }

  it.each(ORDERS)(
    'R8.1 holds every chain that changed, when records arrive %s',
    async (_, order) => {
      let [earlier, before, changes] = [new MemoryFacts().at({ position: 0 }), new Map<string, string>(), 0]
      for (const { index, batch } of arriving(order(recorded.observations))) {
        const [now, own] = [await told(index), await index.facts(batch.map(({ factId }) => factId))]
        const { facts } = await reachedBy({ index, before: earlier, settings: settings() }, [...own.values()])
        const reached = new Set(facts.map(({ factId }) => factId))
        const changed = [...now.keys()].filter((id) => !own.has(id) && now.get(id) !== before.get(id))
        expect(changed.filter((id) => !reached.has(id))).toEqual([])
        ;[earlier, before, changes] = [index, now, changes + changed.length]
      }
      expect(changes).toBeGreaterThanOrEqual(changesMin)
    },
    120_000,
  )

  it('R8.1 R1.6 holds what an operator said of an account, and what that ended', async () => {
    const facts = new MemoryFacts()
    for (const observation of recorded.observations) facts.add(observation)
    const position = recorded.position + 2
    let [before, index] = [new Map<string, string>(), withSurroundings(facts.at({ position }))]
    const alias = index.all.filter(isLocalLogin).filter(isOfOne).flatMap(accountsIn)[0]!
    before = await told(index)
    for (const join of ['joined', 'ended'] as const) {
      const said = joinOf(join, alias, join === 'joined' ? 1 : 2, recorded.position)
      facts.add(said)
      const earlier = index
      index = withSurroundings(facts.at({ position }))
      const now = await told(index)
      const changed = [...now.keys()].filter((id) => now.get(id) !== before.get(id))
      const reached = new Set((await reachedBy({ index, before: earlier, settings: settings() }, [said])).facts.map(({ factId }) => factId))
      expect(changed.length).toBeGreaterThan(0)
      expect(changed.filter((id) => !reached.has(id))).toEqual([])
      before = now
    }
  }, 60_000) // prettier-ignore

  it('R8.1 holds nothing that came through earlier logins of an account which logs in again', async () => {
    const facts = new MemoryFacts()
    for (const observation of recorded.observations) facts.add(observation)
    const index = facts.at({ position: recorded.position })
    const logins = index.all.filter(isLocalLogin)
    expect(logins.length).toBeGreaterThan(20)
    const tokens = (login: Activity): string[] => namesIn(login, 'establishes')
    for (const login of logins) {
      const { facts: reached } = await reachedBy({ index, before: index, settings: settings() }, [login])
      const foreign = reached.filter((fact) => namesIn(fact, 'establishes').length > 0 && isLocalLogin(fact))
      expect(foreign.map(tokens)).toEqual([])
    }
  }, 60_000)

  function* arriving(observations: readonly Activity[]): Generator<{ index: MemoryFactIndex; batch: readonly Activity[] }> {
    const [facts, size] = [new MemoryFacts(), Math.ceil(observations.length / BATCHES)]
    for (let from = 0; from < observations.length; from += size) {
      const batch = observations.slice(from, from + size)
      for (const observation of batch) facts.add(observation)
      yield { index: withSurroundings(facts.at({ position: recorded.position })), batch }
    }
  } // prettier-ignore

  async function told(index: MemoryFactIndex): Promise<Map<string, string>> {
    const asked = index.all.filter((fact) => feedKindOf(fact) !== undefined && isWalked(fact))
    const chains = await walk(index, asked, settings())
    return new Map(chains.map((chain) => [chain.fact.factId, JSON.stringify(withEndByName(chain))]))
  }
})

function accountsIn({ groups }: Activity): string[] {
  return groups.filter(({ role }) => role === 'account').flatMap(({ forms }) => forms.map(({ key }) => key))
}

/** As the ledger has it that an operator joined an account to a person, or took that back. */
function joinOf(join: 'joined' | 'ended', alias: string, number: number, after: number): Activity {
  const principal = 'person:recorded/acme:somebody'
  const position = after + number
  const groups = Object.entries({ alias, principal }).map(([role, key]) => ({ role, verb: 'relates', trust: 'verified', forms: [{ key, position }] }))
  const attributes = { join, alias, principal, by: 'person:recorded/acme:operator', validFrom: 0, ...(join === 'ended' ? { validTo: 1 } : {}) }
  return { factId: `join ${number}`, source: 'catena', kind: 'identity-joined', type: join, occurredAt: number, resolutionMs: 0, outcome: 'succeeded', groups, attributes, conflicts: [], positions: [position] } as unknown as Activity
} // prettier-ignore

function isLocalLogin({ kind, attributes }: Activity): boolean {
  return kind === 'login' && attributes.origin === 'long-lived'
}

function isOfOne({ attributes }: Activity): boolean {
  return attributes.sharedIdentity === undefined
}

function namesIn({ groups }: Activity, verb: string): string[] {
  return groups.filter((group) => group.verb === verb).flatMap(({ forms }) => forms.map(({ key }) => key))
}

/** No name leads from a change of a slot to those who read it before, nor from a path in the server's log to the token that it ended. */
const ENDED_BY_NAME: readonly unknown[] = ['revoked', 'consumed', 'ended']

function withEndByName(chain: Chain): unknown {
  const { end, ...others } = chainOf(chain)
  return { ...others, end: ENDED_BY_NAME.includes(end.how) ? end : undefined }
}
