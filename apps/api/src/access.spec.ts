import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ROLES, type Role } from '@catena/domain'
import { accessTable, RESOLVERS } from '@catena/graphql'
import { asCaller, asRole } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { buildSchema } from 'graphql'
import { probeQuery } from '../test/probe-query.js'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

jest.setTimeout(120_000)

const schema = buildSchema(readFileSync(fileURLToPath(new URL('../../../schema.graphql', import.meta.url)), 'utf8'))
const table = accessTable(RESOLVERS)
const probes = table.flatMap((row) => {
  const query = probeQuery(schema, row.field)
  return query === undefined ? [] : [{ ...row, query }]
})

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi()
}, 120_000)
afterAll(() => api.stop())

const codesOf = async (query: string, headers: Readonly<Record<string, string>>): Promise<string[]> =>
  ((await api.ask(query, {}, headers)).errors ?? []).map(({ extensions }) => extensions.code)

/** The way to it counts too. */
function mayReach(field: string, role: Role): boolean {
  const rows = table.filter(
    (row) => row.field === field || (field.startsWith('Evidence.') && row.field === 'Query.evidence'),
  )
  return rows.every(({ reach }) => reach[role] !== 'none')
}

describe('every root field and every field of evidence', () => {
  it('is asked', () => {
    const roots = table.filter(({ field }) => /^(Query|Mutation|Evidence)\./.test(field))
    expect(probes.map(({ field }) => field)).toEqual(roots.map(({ field }) => field))
    expect(probes.length).toBeGreaterThan(12)
  })

  it.each(ROLES)('answers %s exactly where the table of rules says so', async (role) => {
    for (const { field, query } of probes) {
      const codes = await codesOf(query, asRole(role))
      expect([field, codes.includes('FORBIDDEN')]).toEqual([field, !mayReach(field, role)])
      expect(codes).not.toContain('INTERNAL')
    }
  })

  it('answers nobody', async () => {
    for (const { query } of probes) expect(await codesOf(query, asCaller('nobody'))).toEqual(['UNAUTHENTICATED'])
    expect(await codesOf('{ __schema { types { name } } }', asCaller('nobody'))).toEqual(['UNAUTHENTICATED'])
    expect(await codesOf('{ evidence {', asCaller('nobody'))).toEqual(['UNAUTHENTICATED'])
  })
})

describe('a reviewer who may not read evidence', () => {
  const PATHS: readonly (readonly [string, string])[] = [
    ['by id', '{ evidence { chain(factId: "FACT") { id actor { __typename } } } }'],
    ['by a position', '{ evidence { record(position: 1) { payload } } }'],
    ['under an alias', '{ evidence { sources: retrievals { edges { node { id } } } } }'],
    ['in a fragment', '{ evidence { ...x } } fragment x on Evidence { retrievals { edges { node { id } } } }'],
    [
      'in a fragment named as the schema',
      '{ evidence { ...__schema } } fragment __schema on Evidence { retrievals { edges { node { id } } } }',
    ],
    ['inline', '{ evidence { ... on Evidence { lookup(term: "alice") { chains { edges { node { id } } } } } } }'],
    [
      'where it may be skipped',
      'query($no: Boolean = false) { evidence { retrievals @skip(if: $no) { edges { node { id } } } } }',
    ],
    ['through a credential', '{ evidence { credentials { edges { node { chains { edges { node { id } } } } } } } }'],
  ]
  it.each(PATHS)('gets none %s', async (_, query) => {
    const { retrievals } = (await api.evidence('retrievals(first: 1) { edges { node { id } } }')) as {
      retrievals: { edges: { node: { id: string } }[] }
    }
    const factId = retrievals.edges[0]!.node.id
    const answer = await api.ask(query.replace('FACT', factId), {}, asRole('reviewer'))
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect(JSON.stringify(answer)).not.toContain(factId)
    expect(JSON.stringify(answer.data ?? null)).not.toContain('edges')
  })
})

describe('a refusal', () => {
  it('tells neither what is there nor who might see it', async () => {
    const there = await api.ask('{ evidence { record(position: 1) { type } } }', {}, asRole('operator'))
    const nowhere = await api.ask('{ evidence { record(position: 99999999) { type } } }', {}, asRole('operator'))
    const plain = (answer: typeof there) =>
      answer.errors?.map(({ message, extensions: { code } }) => ({ message, code }))
    expect(plain(there)).toEqual(plain(nowhere))
    expect(JSON.stringify(there)).not.toMatch(/auditor|engineer/)
  })

  it('R7.1 is in the ledger before it is told, by the field and not by its alias, and once in a minute', async () => {
    const query = 'query Curious { evidence { nothing: retrievals(first: 1) { edges { node { id } } } } }'
    const head = await api.ledger.head()
    for (let time = 0; time < 3; time++) await api.ask(query, {}, asCaller({ id: 'person:curious', roles: ['export'] }))
    const told = await api.ledger.readDecisions(head, 10)
    expect(told.map(({ type, actor, payload }) => ({ type, actor, ...(JSON.parse(payload?.toString() ?? '{}') as object) }))).toEqual([
      { type: 'AuthorizationDenied', actor: 'person:curious', operation: 'Curious', fields: ['Query.evidence'], before: 0, request: expect.any(String) },
    ])
  }) // prettier-ignore
})
