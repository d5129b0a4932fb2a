/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-return: off -- an answer has the shape of its query */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, transaction } from '@catena/platform'
import { appendToFeed, ExportDesk, feedId, type FeedContent } from '@catena/siem'
import { asRole } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

const folder = mkdtempSync(join(tmpdir(), 'catena-export-api-'))
const BY = { actor: 'spec', at: 1_000 }
let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi({ later: /./ })
  const { pool } = api.shared.reader
  const desk = new ExportDesk({ streams: api.ledger, pool, clock: systemClock, sources: ['vault'], env: {}, connectKafka: undefined }) // prettier-ignore
  await desk.add({ id: 'disk', kind: 'files', format: 'ecs', target: { folder }, filter: { severity: 'high' } }, BY)
  const url = 'https://soc.example/hook?team=hunter2'
  await desk.add({ id: 'hook', kind: 'webhook', format: 'ocsf', target: { url, secret_env: 'CATENA_EXPORT_X' } }, BY)
  const client = await pool.connect()
  const drafts = Array.from({ length: 5 }, (_, index) => ({
    id: feedId(`spec:${index}`),
    content: CONTENT,
    positions: [],
  }))
  await transaction(client, () => appendToFeed(client, drafts, 1_000)).finally(() => client.release())
  for (const sequence of [1, 2, 3])
    await pool.query(`INSERT INTO export_dead_letter (destination, sequence, event_id, reason, refused_at) VALUES ('hook', $1, 'e', '400 no', now())`, [sequence]) // prettier-ignore
}, 120_000)
afterAll(async () => {
  await api.stop()
  rmSync(folder, { recursive: true })
})

const CONTENT: FeedContent = { kind: 'login', severity: 1, occurredAt: 1, outcome: 'succeeded', source: 'vault', reference: 'r', type: 't', summary: 's' } // prettier-ignore
const CHANGED =
  '{ __typename ... on ExportDestination { id state sequence backlog { events } } ... on Refused { code message } }'
const data = async (query: string): Promise<any> => { // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
  const { data: found, errors } = await api.ask(query, {}, asRole('operator'))
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return found
} // prettier-ignore

describe('destinations of the feed', () => {
  it('R8.1 are listed with their status and backlog, and without what gives access to them', async () => {
    const answer = await data('{ exportDestinations { edges { node { id kind format address state severity sequence delivered deadLetters failures lastError backlog { events bytes ageSeconds } } } } }') // prettier-ignore
    const [disk, hook] = answer.exportDestinations.edges.map(({ node }: { node: unknown }) => node)
    expect(disk).toMatchObject({ id: 'disk', kind: 'FILES', format: 'ECS', address: folder, state: 'ACTIVE', severity: 'HIGH', sequence: 0, delivered: 0, failures: 0, lastError: null }) // prettier-ignore
    expect(disk.backlog.events).toBe(5)
    expect(disk.backlog.bytes).toBeGreaterThan(100)
    expect(disk.backlog.ageSeconds).toBeGreaterThan(1_000)
    expect(hook).toMatchObject({ address: 'https://soc.example/hook', deadLetters: 3 })
    expect(JSON.stringify(answer)).not.toContain('hunter2')
  })

  it('R8.1 are paged by name', async () => {
    const page = (after: string) => data(`{ exportDestinations(first: 1${after}) { edges { node { id } } pageInfo { hasNextPage endCursor } } }`) // prettier-ignore
    const first = (await page('')).exportDestinations
    expect([first.edges[0].node.id, first.pageInfo.hasNextPage]).toEqual(['disk', true])
    const second = (await page(`, after: "${first.pageInfo.endCursor}"`)).exportDestinations
    expect([second.edges[0].node.id, second.pageInfo.hasNextPage]).toEqual(['hook', false])
  })

  it('R8.1 take a test message, and its exact line is shown', async () => {
    const { testExport } = await data('mutation { testExport(id: "disk") { ... on ExportTest { line fault } } }')
    expect(testExport).toEqual({ line: readFileSync(join(folder, 'events.ndjson'), 'utf8').trim(), fault: null })
    const mute = await data('mutation { testExport(id: "hook") { ... on ExportTest { fault } } }')
    expect(mute.testExport.fault).toMatch(/CATENA_EXPORT_X is not set/)
  })

  it('R8.1 are paused, resumed and sent to again, which the ledger tells of', async () => {
    const head = await api.ledger.head()
    expect((await data(`mutation { pauseExport(id: "disk") ${CHANGED} }`)).pauseExport).toMatchObject({ id: 'disk', state: 'PAUSED' }) // prettier-ignore
    expect((await data(`mutation { resumeExport(id: "disk") ${CHANGED} }`)).resumeExport).toMatchObject({ state: 'ACTIVE' }) // prettier-ignore
    expect((await data(`mutation { replayExport(id: "disk", after: 3) ${CHANGED} }`)).replayExport).toMatchObject({ sequence: 3, backlog: { events: 2 } }) // prettier-ignore
    expect((await data(`mutation { replayExport(id: "disk", since: "1970-01-01T00:00:00Z") ${CHANGED} }`)).replayExport).toMatchObject({ sequence: 0 }) // prettier-ignore
    const told = await api.ledger.readDecisions(head, 10)
    expect(told.map(({ type, actor }) => [type, actor])).toEqual(['DestinationPaused', 'DestinationResumed', 'ReplayRequested', 'ReplayRequested'].map((type) => [type, 'person:operator'])) // prettier-ignore
  })

  it('say what cannot be', async () => {
    expect((await data(`mutation { pauseExport(id: "nix") ${CHANGED} }`)).pauseExport).toMatchObject({ __typename: 'Refused', code: 'NO_SUCH_DESTINATION' }) // prettier-ignore
    expect((await data(`mutation { replayExport(id: "disk", after: 99) ${CHANGED} }`)).replayExport).toMatchObject({ code: 'BEYOND_THE_FEED' }) // prettier-ignore
    await expect(data(`mutation { replayExport(id: "disk") ${CHANGED} }`)).rejects.toThrow(/give `after` or `since`/)
    await expect(data(`mutation { pauseExport(id: "Nix;") ${CHANGED} }`)).rejects.toThrow(/from the list/)
  })

  it('R7.2 are changed by operators and security engineers only', async () => {
    for (const role of ['auditor', 'reviewer', 'export'] as const) {
      const { errors } = await api.ask(`mutation { pauseExport(id: "disk") ${CHANGED} }`, {}, asRole(role))
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    }
  })
})

describe('dead letters', () => {
  it('R8.1 are listed with their reason, the newest first, page by page', async () => {
    const page = async (after: string) => (await data(`{ exportDeadLetters(destination: "hook", first: 2${after}) { edges { node { destination sequence reason } } pageInfo { hasNextPage endCursor } } }`)).exportDeadLetters // prettier-ignore
    const first = await page('')
    expect(first.edges.map(({ node }: { node: unknown }) => node)).toEqual([3, 2].map((sequence) => ({ destination: 'hook', sequence, reason: '400 no' }))) // prettier-ignore
    const second = await page(`, after: "${first.pageInfo.endCursor}"`)
    expect([second.edges[0].node.sequence, second.pageInfo.hasNextPage]).toEqual([1, false])
    expect((await data('{ exportDeadLetters(destination: "disk") { edges { node { id } } } }')).exportDeadLetters.edges).toEqual([]) // prettier-ignore
  })
})
