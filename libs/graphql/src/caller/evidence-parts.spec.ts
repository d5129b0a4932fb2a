import type { Activity, EvidencePart, Key } from '@catena/domain'
import { UNSTEWARDED, type Stewardship } from '@catena/governance'
import { namedCredentialOf, type AccessReader } from '@catena/projections'
import { describe, expect, it } from '@jest/globals'
import { EvidenceParts } from './evidence-parts.js'

const ids = ['1', '2', '3', '4'].map((digit) => digit.repeat(32)) as [string, string, string, string]
const [ONE, TWO, THREE, FOUR] = ids
const OLGA = 'person:keycloak/acme:olga' as Key
const nameOf = (id: string) => namedCredentialOf({ system: 'vault/prod', containerName: 'secret/', path: id })
/** Of which one had another name before. */
const namesOf = (id: string) => [nameOf(id), ...(id === ONE ? [namedCredentialOf({ system: 'vault/prod', containerName: 'old/', path: id })] : [])] // prettier-ignore
const by = { at: 1, by: 'chief' }
const STEWARDSHIPS: Readonly<Record<string, Partial<Stewardship>>> = {
  [ONE]: { declared: { environment: 'production' }, owner: { key: OLGA, name: 'Payments', ...by } },
  [TWO]: { declared: { environment: 'test' }, owner: { key: 'group:keycloak/acme:pay' as Key, name: 'Payments', ...by } }, // prettier-ignore
}
const RULES = { version: 1, rules: [{ id: 'r', path: `secret/${THREE}`, owner: { key: OLGA, name: 'olga' } }] }

/** A fake of the reader: four credentials, what is declared of two, one rule, and a directory that has olga in a department. */
function partsOf(asked: string[] = []): EvidenceParts {
  const answers: Readonly<Record<string, (values: readonly unknown[]) => object[]>> = {
    'access-credentials-after': () => ids.map((credential) => ({ credential, system: 'vault/prod', container: null, container_name: 'secret/', path: credential, first_us: '0', last_us: '0' })),
    'access-names-of-credentials': ([, wanted]) => (wanted as string[]).map((credential) => ({ credential, names: namesOf(credential) })),
    stewardships: ([wanted]) => (wanted as string[]).flatMap((credential) => (credential in STEWARDSHIPS ? [{ credential, state: { ...UNSTEWARDED, ...STEWARDSHIPS[credential] } }] : [])),
    'ownership-rules': () => [{ state: RULES }],
  }
  const query = ({ name, values }: { name: string; values: readonly unknown[] }) => {
    asked.push(name)
    return Promise.resolve({ rows: answers[name]?.(values) ?? [] })
  }
  const inDepartment = { factId: 'f', kind: 'person-observed', occurredAt: 0, outcome: 'succeeded', groups: [{ role: 'person', verb: 'describes', trust: 'verified', forms: [{ key: OLGA, position: 1 }] }], attributes: { username: 'olga', department: 'Finance' }, positions: [1] } as unknown as Activity
  const factsBy = (lookups: readonly { key: Key }[], verb: string) => Promise.resolve(new Map(lookups.map(({ key }) => [key, key === OLGA && verb === 'describes' ? [inDepartment] : []])))
  const reader = { pool: { query }, projectedPosition: () => Promise.resolve(1), index: () => ({ factsBy }) }
  return new EvidenceParts(reader as unknown as AccessReader)
} // prettier-ignore

const slotsOf = async (part: EvidencePart) => [...((await partsOf().slotsOf([part]))?.[0]?.credentials ?? [])]
const both = (...of: readonly string[]) => of.flatMap((id) => [id, ...namesOf(id)])

describe('a part of the evidence', () => {
  it('R7.2 by environment is what is declared so; by unit what the team owns, or somebody of the department by name or by rule', async () => {
    expect(await slotsOf({ environments: ['production'] })).toEqual(both(ONE))
    expect(await slotsOf({ units: ['Payments'] })).toEqual(both(TWO))
    expect(await slotsOf({ units: ['Finance'] })).toEqual(both(ONE, THREE))
    expect(await slotsOf({ units: ['Finance', 'Payments'] })).toEqual(both(ONE, TWO, THREE))
    expect(await slotsOf({ units: ['Finance'], environments: ['production'] })).toEqual(both(ONE))
    expect(await slotsOf({ units: ['olga', ''], environments: ['', 'undefined'] })).toEqual([])
    expect(await slotsOf({ units: ['Finance'] })).not.toContain(FOUR)
  })

  it('by vaults asks nothing; without any list it is nothing; nobody who is not narrowed is', async () => {
    const asked: string[] = []
    const parts = partsOf(asked)
    expect(await parts.slotsOf([{ vaults: ['secret'] }])).toEqual([{ vaults: ['secret'] }])
    expect(await parts.slotsOf([{}])).toEqual([{ credentials: new Set() }])
    expect(await parts.slotsOf(undefined)).toBeUndefined()
    expect(asked).toEqual([])
  })

  it('is made once for those who ask together', async () => {
    const asked: string[] = []
    const parts = partsOf(asked)
    await Promise.all([1, 2, 3].map(() => parts.slotsOf([{ environments: ['test'] }])))
    expect(asked.filter((name) => name === 'access-credentials-after')).toHaveLength(1)
  })
})
