import { handleCommand, PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { finding, findingStream, type FindingCommand } from '../verdicts/finding-decider.js'
import { findingView } from './finding-view.js'
import { listFindings } from './read-findings.js'

const [one, two] = ['1'.repeat(32), '2'.repeat(32)]

describe('findings for people', () => {
  let postgres: TestPostgres
  let ledger: PostgresLedger
  let pool: pg.Pool
  let runner: DecisionViewRunner
  let openedAt = 0
  const act = async (credential: string, control: string, command: object, at = 1_000): Promise<number> => {
    const stream = findingStream(credential, control)
    const asked = { finding: stream, credential, control, ...command } as FindingCommand
    const handled = await handleCommand(ledger, finding, { stream, command: asked, by: { actor: 'x', at } })
    if ('refused' in handled) throw new Error(handled.message)
    return handled.position
  }
  const fails = (severity: string, verdict: string | undefined = 'uncontrolled', reason = 'it is shared') => ({
    do: 'FollowVerdict', verdict, severity, because: 'b', reason, witnesses: [7], position: 9, at: 500,
  }) // prettier-ignore
  beforeAll(async () => {
    postgres = await startTestPostgres()
    ledger = new PostgresLedger({ databaseUrl: postgres.databaseUrl })
    pool = createPool(postgres.databaseUrl, { applicationName: 'catena-test' })
    await act(one, 'grant-ends', fails('medium'))
    openedAt = await act(two, 'break-glass-closed', fails('critical'))
    await act(two, 'role-based', fails('low'))
    await act(two, 'break-glass-closed', { do: 'AssignFinding', to: 'ana' })
    await act(two, 'break-glass-closed', { do: 'CommentFinding', text: 'on it' })
    await act(two, 'role-based', fails('low', 'controlled', 'it is by role'))
    runner = new DecisionViewRunner({
      views: [findingView],
      log: ledger,
      databaseUrl: postgres.databaseUrl,
      onError: (error) => {
        throw error
      },
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
  const list = async (filter: object, limit = 10, position = Number.MAX_SAFE_INTEGER) =>
    (await listFindings(pool, position, filter, { limit })).map(({ entry }) => entry)

  it('stand gravest first, with who works on them and what they said', async () => {
    const all = await list({})
    expect(all.map(({ control, status }) => [control, status])).toEqual([
      ['break-glass-closed', 'open'], ['grant-ends', 'open'], ['role-based', 'closed'],
    ]) // prettier-ignore
    expect(all[0]).toMatchObject({
      assignedTo: 'ana',
      comments: [{ text: 'on it', by: 'x', at: 1_000 }],
      witnesses: [7],
      episode: 1,
    })
    expect(all[2]).toMatchObject({ reason: 'it is by role', closedAt: 500 })
  })

  it('are narrowed by where they stand, severity, control and credential', async () => {
    expect(await list({ status: 'open' })).toHaveLength(2)
    expect(await list({ severity: 'medium' })).toMatchObject([{ credential: one }])
    expect(await list({ control: 'role-based' })).toHaveLength(1)
    expect(await list({ credential: two, status: 'open' })).toMatchObject([{ control: 'break-glass-closed' }])
  })

  it('R1.10 are known at a cut as they stood then', async () => {
    const then = await list({}, 10, openedAt)
    expect(then.map(({ control, assignedTo }) => [control, assignedTo])).toEqual([
      ['break-glass-closed', undefined], ['grant-ends', undefined],
    ]) // prettier-ignore
  })

  it('are read page by page, each once', async () => {
    const first = await listFindings(pool, Number.MAX_SAFE_INTEGER, {}, { limit: 1 })
    const rest = await listFindings(pool, Number.MAX_SAFE_INTEGER, {}, { limit: 9, after: first[0]!.place })
    expect([...first, ...rest].map(({ entry }) => entry.control)).toEqual([
      'break-glass-closed',
      'grant-ends',
      'role-based',
    ])
  })
})
