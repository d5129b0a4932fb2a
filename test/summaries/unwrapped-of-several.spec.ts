import { followIndex, HistoryReader, summariesOf, type Retrieval } from '@catena/governance'
import type { Json } from '@catena/domain'
import { connect } from '@catena/platform'
import { credentialOf } from '@catena/projections'
import { feedId } from '@catena/siem'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { walkedChains } from '../../libs/governance/src/history/read-walked-chains.js'
import { Parts } from '../siem/recorded-lines.js'
import { openFeedStage, type FeedStage } from '../siem/stage.js'
import { fixture, given, sourceOf, type Given } from '../walked-records.js'

const VAULT = sourceOf('vault')
const idOf = (path: string): string =>
  credentialOf({ system: `vault/${VAULT.scope}`, container: 'kv_2c26c180', containerName: 'secret/', path })!
const [WIKI, OTHER] = [idOf('shared/wiki'), idOf('shared/other')]
const OPENED = `vault:${VAULT.scope}:${(fixture('vault', 'unwrap-by-bearer').request as { id: string }).id}`

/** Another request whose answer had the same wrapping: one of the two records is not what it seems. */
function wrappedToo(path: string, id: string): Given {
  const changes: Record<string, Json> = { 'request.id': id, 'request.path': `secret/data/${path}`, 'response.wrap_info.creation_path': `secret/data/${path}` } // prettier-ignore
  return given(VAULT, 'read-wrapped', changes)
}

describe('what was unwrapped and may have been one of two', () => {
  let stage: FeedStage
  let client: pg.Client
  let files: Parts

  beforeAll(async () => {
    const parts = [
      [given(VAULT, 'read-wrapped'), given(VAULT, 'unwrap-by-bearer')],
      [wrappedToo('shared/other', 'another')],
    ]
    files = new Parts(parts.map((part) => part.map(({ source, text }) => ({ source, line: text }))))
    stage = await openFeedStage({ sources: [VAULT], files: files.files })
    client = await connect(stage.databaseUrl, { applicationName: 'spec' })
  }, 120_000)
  afterAll(async () => {
    await client.end()
    await stage.close()
    files.remove()
  })

  async function kept(): Promise<unknown[]> {
    const { rows } = await client.query<{ credential: string; body: Retrieval }>(
      `SELECT replace(credential::text, '-', '') AS credential, body FROM governance.retrieval WHERE fact_id = $1 ORDER BY number`,
      [OPENED],
    )
    return rows.map(({ credential, body }) => [credential, body.outcome])
  }

  /** From the rows that are kept, and by walking all. */
  async function sums(credential: string): Promise<unknown[]> {
    const asOf = await stage.reader.asOf()
    const [walked, [history]] = await Promise.all([
      walkedChains(stage.reader, asOf, credential),
      one(new HistoryReader(stage.reader).current([credential], Date.parse('2026-11-24T00:00:00Z'))),
    ])
    const summaries = (await summariesOf(client, [credential])).get(credential) ?? []
    expect(JSON.parse(JSON.stringify(walked.accessors))).toEqual(summaries)
    expect(JSON.parse(JSON.stringify(walked.newest))).toEqual(history?.retrievals)
    return summaries.map(({ succeeded, other, denied }) => [succeeded, other, denied])
  }

  async function one<T>(all: AsyncGenerator<T[]>): Promise<T[]> {
    for await (const part of all) return part
    return []
  }

  async function told() {
    const events = await stage.events()
    const { credential, credentialCandidates, outcome, summary } = events.filter(({ id }) => id === feedId(`fact:${OPENED}`)).at(-1)!.content // prettier-ignore
    return { credential: credential?.path, candidates: credentialCandidates?.map(({ path }) => path), outcome, summary }
  }

  it('R1.4 R6.3 R8.1 counts under the one that was wrapped while no record tells of another', async () => {
    await stage.feed([files.names[0]!])
    while ((await followIndex(client, stage)).more);
    expect(await kept()).toEqual([[WIKI, 'succeeded']])
    expect(await sums(WIKI)).toEqual([[1, 0, 0]])
    expect(await told()).toMatchObject({ credential: 'shared/wiki', candidates: undefined, outcome: 'succeeded' })
  }, 60_000)

  it('R1.4 R6.3 R8.1 counts as perhaps obtained under each once two may be meant, and the feed names neither as the one', async () => {
    await stage.feed([files.names[1]!])
    while ((await followIndex(client, stage)).more);
    expect(await kept()).toEqual([[OTHER, 'unknown'], [WIKI, 'unknown']]) // prettier-ignore
    expect([await sums(WIKI), await sums(OTHER)]).toEqual([[[0, 1, 0]], [[0, 1, 0]]])
    const { credential, candidates, outcome, summary } = await told()
    expect([credential, candidates, outcome]).toEqual([undefined, ['shared/other', 'shared/wiki'], 'succeeded'])
    expect(summary).toMatch(/^credential retrieved: one of secret\/shared\/other in .*, secret\/shared\/wiki in .* \(ambiguous\), by /)
  }, 60_000)

  it('R1.9 counts the same when all is made anew', async () => {
    const before = [await kept(), await sums(WIKI), await sums(OTHER)]
    await client.query("UPDATE governance.checkpoint SET version = 'another'")
    while ((await followIndex(client, stage)).more);
    expect([await kept(), await sums(WIKI), await sums(OTHER)]).toEqual(before)
  }, 60_000)
}) // prettier-ignore
