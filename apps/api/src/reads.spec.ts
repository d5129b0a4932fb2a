import { hash } from 'node:crypto'
import { DECISION_VIEWS } from '@catena/runtime'
import { DecisionViewRunner } from '@catena/projections'
import { asRole } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startRecordedApi, type GraphAnswer, type RecordedApi } from '../test/recorded-api.js'

jest.setTimeout(60_000)

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi()
}, 120_000)
afterAll(() => api.stop())

interface Read {
  readonly operation?: string
  readonly queryHash: string
  readonly fields: string[]
  readonly shown: string[]
}

/** Asks, and returns the answer with what was added to the ledger by it. */
async function reading(query: string, variables = {}): Promise<{ answer: GraphAnswer; reads: Read[]; text: string }> {
  const before = await api.ledger.head()
  const answer = await api.ask(query, variables, asRole('auditor'))
  const events = await api.ledger.readDecisions(before, 100)
  expect(events.every(({ type, actor }) => type === 'EvidenceRead' && actor === 'person:auditor')).toBe(true)
  const texts = events.map(({ payload }) => payload?.toString() ?? '')
  return { answer, reads: texts.map((text) => JSON.parse(text) as Read), text: texts.join('\n') }
}

/** Every value of a member, wherever it stands. */
function valuesOf(value: unknown, member: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === member && typeof inner !== 'object' ? [String(inner)] : valuesOf(inner, member),
  )
}

describe('who reads evidence', () => {
  it('R7.2 is in the ledger, with all that was shown, by whatever alias and fragment', async () => {
    const query = `query audit { e: evidence { r: retrievals(first: 7) { edges { node { ...c } } } } }
      fragment c on Chain { chainId: id f: fact { records: evidence { at: position } } }`
    const { answer, reads } = await reading(query)
    expect(reads).toHaveLength(1)
    const [read] = reads
    expect(read).toMatchObject({ operation: 'audit', queryHash: hash('sha256', query, 'hex') })
    const chains = valuesOf(answer.data, 'chainId').map((id) => `Chain:${id}`)
    const records = valuesOf(answer.data, 'at').map((position) => `EvidenceRecord:${position}`)
    expect(chains).toHaveLength(7)
    expect(records.length).toBeGreaterThan(7)
    expect(new Set(read?.shown)).toEqual(new Set([...chains, ...records]))
  })

  it('R7.2 is in the ledger when each of many answers arrives, among faults, refusals and questions of no evidence', async () => {
    const others = ['{ caller { id } }', '{ nonsense }', '{', 'mutation { nothing }']
    const asked = Array.from({ length: 24 }, async (_, number) => {
      await api.ask(others[number % others.length] ?? '', {}, asRole('auditor'))
      const query = `query q${number} { evidence { record(position: ${number + 10}) { type } } }`
      expect((await api.ask(query, {}, asRole('auditor'))).errors).toBeUndefined()
      const events = await api.ledger.readDecisions(0, 10_000)
      expect(events.filter(({ payload }) => payload?.includes(hash('sha256', query, 'hex')))).toHaveLength(1)
    })
    await Promise.all(asked)
    // Nobody is left over for whom later reads would wait.
    expect(api.answering()).toBe(0)
  })

  it('R7.2 is recorded where nothing was found, without what was looked for', async () => {
    const query =
      'query($t: String!) { evidence { lookup(term: $t) { meanings { kind } chains { edges { cursor } } } } }'
    const { reads, text } = await reading(query, { t: 'hvs.CAESecretTerm' })
    expect(reads[0]?.fields).toContain('Evidence.lookup')
    expect(text).not.toContain('SecretTerm')
    const nothing = await reading('{ evidence { record(position: 99999999) { payload } } }')
    expect(nothing.reads).toMatchObject([{ fields: ['Evidence.record'], shown: [] }])
  })

  it('R7.2 is in the ledger where it was looked who people are and where they belong, too', async () => {
    const { answer, reads } = await reading(
      '{ evidence { people(term: "olga@tideline.example") { person email groups { group } } } }',
    )
    const [person = ''] = valuesOf(answer.data, 'person')
    expect(person).toMatch(/^person:/)
    expect(reads).toMatchObject([{ shown: expect.arrayContaining([`DirectoryPerson:${person}`]) }])
    for (const field of ['groupMembers(group: "x")', 'identitySuggestions', 'identityObservations', 'sharing(kind: GRANT)'])
      expect((await reading(`{ evidence { ${field} { edges { cursor } } } }`)).reads).toMatchObject([{ fields: [`Evidence.${field.replace(/\(.*/, '')}`] }]) // prettier-ignore
  })

  it('R7.2 is not recorded where no evidence is shown', async () => {
    expect((await reading('{ evidence { cut readModel { lag } sources { id } } caller { id } }')).reads).toEqual([])
  })

  it('R7.2 can be listed by auditors, by who and by what', async () => {
    const { reads } = await reading('query mine { evidence { record(position: 5) { type } } }')
    expect(reads).toHaveLength(1)
    const { databaseUrl } = api.shared.instance
    const runner = new DecisionViewRunner({
      views: DECISION_VIEWS,
      log: api.ledger,
      databaseUrl,
      onError: console.error,
    })
    runner.start()
    await runner.caughtUp(await api.ledger.head())
    await runner.stop()
    const list =
      'query($f: EvidenceReadingFilter) { evidenceReads(filter: $f, first: 2) { edges { node { caller operation shown } } pageInfo { hasNextPage } } }'
    const answer = await api.ask(list, { f: { shown: 'EvidenceRecord:5' } }, asRole('auditor'))
    expect(answer.data).toEqual({
      evidenceReads: {
        edges: [{ node: { caller: 'person:auditor', operation: 'mine', shown: ['EvidenceRecord:5'] } }],
        pageInfo: { hasNextPage: false },
      },
    })
    const nobody = await api.ask(list, { f: { caller: 'person:nobody' } }, asRole('auditor'))
    expect(nobody.data).toMatchObject({ evidenceReads: { edges: [] } })
  })

  it('R7.2 sees nothing where it cannot be recorded', async () => {
    const { ledger } = api
    const broken = jest.spyOn(ledger, 'appendDecisions').mockRejectedValue(new Error('disk full'))
    const { answer } = await reading('{ evidence { cut record(position: 1) { position type payload } } }')
    broken.mockRestore()
    expect(answer).toEqual({
      data: null,
      errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAVAILABLE' }) })],
    })
    expect(api.log.some((line) => line.includes('disk full'))).toBe(true)
    expect((await api.evidence('record(position: 1) { position }')) as unknown).toEqual({ record: { position: 1 } })
  })
})
