import { makeKey } from '@catena/domain'
import { handleCommand, PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { alert, type AlertCommand } from './alert.js'
import { grant } from './grant.js'
import type { Party } from './party.js'
import { listSharing, readSharing, readSharingThing } from './read-sharing.js'
import { sharingRecordOf } from './sharing-record.js'
import { sharingView } from './sharing-view.js'

const NOW = 1_700_000_000_000
const [one, two] = ['1'.repeat(32), '2'.repeat(32)]
const party = (name: string): Party => {
  const key = makeKey('person', 'keycloak/acme', name)
  return { key, name, keys: [key], isMachine: false }
}
const [ana, chief] = [party('ana'), party('chief')]

describe('the view of sharing', () => {
  let postgres: TestPostgres
  let ledger: PostgresLedger
  let pool: pg.Pool
  let runner: DecisionViewRunner
  const errors: unknown[] = []
  let [requestedAt, approvedAt] = [0, 0]
  const decideGrant = async (command: Parameters<typeof grant.decide>[1], at: number): Promise<number> => {
    const handled = await handleCommand(ledger, grant, { stream: 'grant:g1', command, by: { actor: 'x', at } })
    if ('refused' in handled) throw new Error(handled.message)
    return handled.position
  }
  beforeAll(async () => {
    postgres = await startTestPostgres()
    ledger = new PostgresLedger({ databaseUrl: postgres.databaseUrl })
    pool = createPool(postgres.databaseUrl, { applicationName: 'catena-test' })
    const request = {
      credentials: [one, two], to: ana.key, toName: 'ana', toRole: false, reason: 'r', from: NOW - 500, until: NOW + 10_000,
    } // prettier-ignore
    requestedAt = await decideGrant({ do: 'RequestAccess', party: ana, request }, NOW)
    approvedAt = await decideGrant({ do: 'ApproveAccess', party: chief, authority: { mayApprove: true } }, NOW + 1_000)
    const beats: [AlertCommand, number][] = [
      [{ do: 'DeclareAlert', alert: { credentials: [one], name: 'odd hours', heartbeatMs: 9 } }, NOW],
      [{ do: 'ReportAlert', test: false }, NOW + 2_000],
      [{ do: 'ReportAlert', test: false }, NOW + 3_000],
    ]
    for (const [command, at] of beats)
      await handleCommand(ledger, alert, { stream: 'alert:a1', command, by: { actor: 'x', at } })
    runner = new DecisionViewRunner({
      views: [sharingView],
      log: ledger,
      databaseUrl: postgres.databaseUrl,
      onError: (error) => void errors.push(error),
    })
    runner.start()
    await runner.caughtUp(await ledger.head())
  }, 60_000)
  afterAll(async () => {
    await runner.stop()
    await pool.end()
    await ledger.close()
    await postgres.stop()
  })

  it('finds what concerns a credential, of each thing the newest state', async () => {
    const found = await readSharing(pool, [one, two], { position: await ledger.head() })
    expect(found.get(one)?.map(({ kind, id }) => [kind, id])).toEqual([['alert', 'a1'], ['grant', 'g1']]) // prettier-ignore
    expect(found.get(two)?.map(({ kind }) => kind)).toEqual(['grant'])
    expect(errors).toEqual([])
  })

  it('R1.10 knows at a cut only what was recorded then, and at a time only what was decided then', async () => {
    const status = async (asOf: { position: number; validAt?: number }) =>
      (await readSharingThing(pool, 'grant', 'g1', asOf))?.state as { status: string } | undefined
    expect(await status({ position: requestedAt })).toMatchObject({ status: 'requested' })
    expect(await status({ position: approvedAt })).toMatchObject({ status: 'granted' })
    expect(await status({ position: approvedAt, validAt: NOW + 999 })).toMatchObject({ status: 'requested' })
    expect(await status({ position: 0 })).toBeUndefined()
  })

  it('gives controls the grant from its approval on, with the positions behind it', async () => {
    const found = await readSharing(pool, [two], { position: await ledger.head() })
    expect(sharingRecordOf(found.get(two) ?? [], []).grants).toEqual([
      {
        id: 'g1', positions: [requestedAt, approvedAt], to: ana.key, toRole: false, requestedBy: ana.key,
        approvedBy: chief.key, approvedByBot: false, from: NOW + 1_000, until: NOW + 10_000,
      },
    ]) // prettier-ignore
  })

  it('keeps of heartbeats the newest', async () => {
    const [entry] = (await readSharing(pool, [one], { position: await ledger.head() })).get(one) ?? []
    expect(entry?.positions).toHaveLength(2)
    expect(entry?.state).toMatchObject({ lastHeardAt: NOW + 3_000 })
  })

  it('lists what waits', async () => {
    const asOf = { position: requestedAt }
    expect(await listSharing(pool, 'grant', 'requested', asOf, { limit: 10 })).toMatchObject([{ entry: { id: 'g1' } }])
    expect(await listSharing(pool, 'grant', 'requested', { position: approvedAt }, { limit: 10 })).toEqual([])
  })
})
