import { connect } from '@catena/platform'
import { dashed, uuidOf } from '@catena/projections'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { movePast, nextPiece, noteAgain, oldestWaiting } from './again-table.js'
import type { Again } from './again.js'
import { keepGrounds } from './ground-table.js'
import { NOT_YET, type Ground } from './ground.js'

const SLOTS = ['a', 'b', 'c', 'd'].map((name) => `credential:vault/v-1/secret/${name}`)

function slotEnds(subject: string, from = 0): Again {
  return { kind: 'slot', subject, from, to: NOT_YET }
}

/** A read of what the slot holds, which nothing has ended. */
function readOf(slot: string, number: number): Ground {
  return { factId: `${slot} ${number}`, at: number, ender: { name: slot, at: NOT_YET }, logins: [], isUncovered: false }
}

function login(presenter: string, at: number): Ground['logins'][number] {
  return { presenter, issuer: 'keycloak/acme', at }
}

describe('what has to be told again', () => {
  let postgres: TestPostgres
  let client: pg.Client
  const reads = SLOTS.map((slot, number) => (number === 2 ? [] : [1, 2, 3].map((serial) => readOf(slot, serial))))
  const uuidsOf = (grounds: readonly Ground[]): string[] => grounds.map(({ factId }) => dashed(uuidOf(factId))).sort()

  beforeAll(async () => {
    postgres = await startTestPostgres()
    client = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    await keepGrounds(client, [...reads.flat(), { factId: 'login', at: 5, logins: [login('vault', 5)], isUncovered: false }]) // prettier-ignore
  }, 120_000)
  beforeEach(async () => {
    await client.query('DELETE FROM feed_again')
  })
  afterAll(async () => {
    await client.end()
    await postgres.stop()
  })

  /** Piece by piece until nothing waits: the facts of each. */
  async function pieces(limit: number): Promise<string[][]> {
    const all: string[][] = []
    for (let waiting = await oldestWaiting(client); waiting.length > 0; waiting = await oldestWaiting(client)) {
      const piece = await nextPiece(client, waiting, limit)
      expect(await movePast(client, piece)).toBe(true)
      all.push([...piece.facts].sort())
    }
    return all
  }

  it('R8.1 is read in one piece where little waits of each', async () => {
    await noteAgain(client, SLOTS.map((slot) => slotEnds(slot))) // prettier-ignore
    expect(await pieces(100)).toEqual([uuidsOf(reads.flat())])
  })

  it('R8.1 goes on in the middle of an entry where a piece ended, and reads each once', async () => {
    await noteAgain(client, SLOTS.map((slot) => slotEnds(slot))) // prettier-ignore
    const read = await pieces(4)
    expect(read.map((facts) => facts.length)).toEqual([4, 4, 1])
    expect(read[0]).toEqual(expect.arrayContaining(uuidsOf(reads[0]!)))
    expect(read.flat().sort()).toEqual(uuidsOf(reads.flat()))
  })

  it('R8.1 is read kind by kind, the kind of the oldest first', async () => {
    await noteAgain(client, [slotEnds(SLOTS[0]!), { kind: 'clock', subject: 'vault', from: 0, to: NOT_YET }, slotEnds(SLOTS[1]!)]) // prettier-ignore
    expect((await pieces(100)).map((facts) => facts.length)).toEqual([6, 1])
  })

  it('R8.1 is found by each federated login that a path leads through, for as long as it leads there', async () => {
    const clockOf = (subject: string): Again => ({ kind: 'clock', subject, from: 0, to: NOT_YET })
    const ground = { factId: 'two logins', at: 9, logins: [login('vault', 8), login('agents', 7)], isUncovered: false }
    await keepGrounds(client, [ground])
    await noteAgain(client, [clockOf('agents')])
    expect(await pieces(100)).toEqual([uuidsOf([ground])])
    await keepGrounds(client, [{ ...ground, logins: ground.logins.slice(0, 1) }])
    await noteAgain(client, [clockOf('agents')])
    expect(await pieces(100)).toEqual([[]])
    await keepGrounds(client, [{ ...ground, logins: [] }])
  })

  it('R8.1 is found by the issuer whose sessions were all ended, where it was done after that', async () => {
    const [early, late] = [19, 20].map((at): Ground => ({ factId: `done at ${at}`, at, logins: [{ presenter: 'vault', issuer: 'okta/acme', at: 3 }], isUncovered: false })) // prettier-ignore
    await keepGrounds(client, [early!, late!])
    await noteAgain(client, [{ kind: 'sessions', subject: 'okta/acme', from: 20, to: NOT_YET }])
    expect(await pieces(100)).toEqual([uuidsOf([late!])])
    await keepGrounds(client, [early!, late!].map((ground) => ({ ...ground, logins: [] }))) // prettier-ignore
  })

  it('R8.1 stays where it was widened after it was read, or where another writer was there before', async () => {
    await noteAgain(client, [slotEnds(SLOTS[0]!, 10), slotEnds(SLOTS[1]!, 10)])
    const read = await nextPiece(client, await oldestWaiting(client), 100)
    await noteAgain(client, [slotEnds(SLOTS[1]!, 5)])
    expect(await movePast(client, read)).toBe(false)
    expect((await oldestWaiting(client)).map(({ from_us }) => from_us)).toEqual(['5000'])
    const once = await nextPiece(client, await oldestWaiting(client), 1)
    expect(await movePast(client, once)).toBe(true)
    expect(await movePast(client, once)).toBe(false)
  })
})
