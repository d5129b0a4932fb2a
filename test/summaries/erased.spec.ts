import { followIndex, summariesOf } from '@catena/governance'
import { connect } from '@catena/platform'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { openFeedStage, type FeedStage } from '../siem/stage.js'

/** An account of the recording that nothing tells of but its own logins and reads. */
const ACCOUNT = 'contractors-sam'

interface Told {
  readonly credential: string | null
  readonly body: string
  readonly positions: readonly number[]
}

describe('summaries of accesses whose records were erased', () => {
  let stage: FeedStage
  let client: pg.Client
  let before: readonly Told[] = []
  const ofAccount = (told: readonly Told[]): Told[] => told.filter(({ body }) => body.includes(ACCOUNT))
  const retrievals = async (): Promise<Told[]> => {
    const { rows } = await client.query<{
      credential: string | null
      body: { positions: number[]; evidence: number[] }
    }>(`SELECT replace(credential::text, '-', '') AS credential, body FROM governance.retrieval ORDER BY fact`)
    return rows.map(({ credential, body }) => ({
      credential,
      body: JSON.stringify(body),
      positions: [...body.positions, ...body.evidence],
    }))
  }
  const followed = async (): Promise<void> => {
    while ((await followIndex(client, stage)).more);
  }
  beforeAll(async () => {
    stage = await openFeedStage()
    client = await connect(stage.databaseUrl, { applicationName: 'spec' })
    await stage.feed(['vault-audit-a', 'vault-audit-b'])
    await followed()
    before = await retrievals()
    const positions = [...new Set(ofAccount(before).flatMap((told) => told.positions))]
    await stage.ledger.eraseEvents({ positions, reason: 'request 17', actor: 'person:dpo' })
    await stage.caughtUp()
  }, 180_000)
  afterAll(async () => {
    await client.end()
    await stage.close()
  }, 60_000)

  it('R7.3 tell nothing of them once the access index was built anew, and of all others what they told', async () => {
    expect(ofAccount(before).length).toBeGreaterThan(2)
    await stage.rebuild()
    await followed()
    const left = await retrievals()
    expect(ofAccount(left)).toEqual([])
    expect(left).toEqual(before.filter(({ body }) => !body.includes(ACCOUNT)))
    const credentials = [...new Set(before.flatMap(({ credential }) => credential ?? []))]
    const summaries = await summariesOf(client, credentials)
    expect(summaries.size).toBeGreaterThan(0)
    expect(JSON.stringify([...summaries])).not.toContain('contractors-sam')
  })

  it('are not made anew by a rebuild that changes nothing', async () => {
    const madeBy = async (): Promise<unknown[]> => (await client.query<object>('SELECT DISTINCT xmin FROM governance.retrieval')).rows
    const made = await madeBy()
    await stage.rebuild()
    await followed()
    expect(await madeBy()).toEqual(made)
  }) // prettier-ignore

  it('R7.3 and the coverage of its source end where what is left of it ends, in a process that asked before too', async () => {
    const coverage = async () => stage.reader.index(await stage.reader.asOf()).coverage('vault')
    const covered = (await coverage())?.to ?? Infinity
    const last = await client.query<{ positions: number[] }>(
      `SELECT convert_from(body, 'UTF8')::json -> 'positions' AS positions FROM access_fact ORDER BY occurred_us DESC LIMIT 1`,
    )
    await stage.ledger.eraseEvents({
      positions: last.rows[0]?.positions ?? [],
      reason: 'request 18',
      actor: 'person:dpo',
    })
    await stage.caughtUp()
    expect((await coverage())?.to).toBe(covered)
    await stage.rebuild()
    expect((await coverage())?.to).toBeLessThan(covered)
  })
})
