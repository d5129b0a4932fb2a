import { ROLES, VAULT_ROLES, type EvidencePart } from '@catena/domain'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { buildSchema, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql'
import { RESOLVERS } from '../resolvers.js'
import { printApiSchema } from '../schema.js'
import { accessTable, type AccessRow } from './access-table.js'
import { inVaults, own, partsOf, reachOf } from './allow.js'

const ROOTS = ['Query', 'Mutation', 'Subscription']
/** Everything below it is somebody's evidence, so each of its fields that is resolved has a rule of its own. */
const EVIDENCE = ['retrievals', 'chain', 'credentials', 'credential', 'principals', 'lookup', 'record', 'records']

let schema: GraphQLSchema
let table: AccessRow[]
beforeAll(async () => {
  schema = buildSchema(await printApiSchema())
  table = accessTable(RESOLVERS)
})

const fieldsOf = (name: string): string[] => {
  const type = schema.getType(name)
  return isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : []
}
const rolesIn = (field: string) =>
  ROLES.filter((role) => table.find((row) => row.field === field)?.reach[role] !== 'none')

describe('the table of access rules', () => {
  it('R7.2 has a rule for every root field and every field that code resolves', () => {
    expect(table.filter(({ grants }) => grants === undefined).map(({ field }) => field)).toEqual([])
    const known = new Set(table.map(({ field }) => field))
    const roots = ROOTS.flatMap((root) => fieldsOf(root).map((field) => `${root}.${field}`))
    expect(roots.filter((field) => !known.has(field))).toEqual([])
  })

  it('names fields of the schema only, so that no rule guards a name that nobody serves', () => {
    const served = new Set(
      Object.keys(schema.getTypeMap()).flatMap((type) => fieldsOf(type).map((field) => `${type}.${field}`)),
    )
    expect(table.map(({ field }) => field).filter((field) => !served.has(field))).toEqual([])
  })

  it('shows evidence to auditors and security engineers, and to nobody who operates', () => {
    for (const field of [...EVIDENCE.map((name) => `Evidence.${name}`), 'Credential.chains', 'Evidenced.evidence'])
      expect([field, rolesIn(field)]).toEqual([field, ['auditor', 'security-engineer']])
  })

  it('lets auditors change nothing but the tokens of their own', () => {
    const changing = table.filter(({ field, reach }) => field.startsWith('Mutation.') && reach.auditor !== 'none')
    expect(changing.map(({ field, reach }) => [field, reach.auditor])).toEqual([
      ['Mutation.issueApiToken', 'own'],
      ['Mutation.revokeApiToken', 'own'],
    ])
  })

  it('opens nothing to machines that ingest or export', () => {
    const open = table.filter(({ reach }) => reach.ingest !== 'none' || reach.export !== 'none')
    expect(open.map(({ field }) => field)).toEqual([])
  })

  it.each(VAULT_ROLES.flatMap((role) => [{ vaults: ['payments'] }, { environments: ['production'] }, { units: ['Payments'] }, { vaults: ['a'], units: ['b'] }].map((part) => [role, part] as const)))('shows whoever is %s of %j only the fields that narrow to it, and nothing else', (role, part) => {
    const holder = { roles: [], within: [{ role, ...part }] }
    const open = table.flatMap(({ field, grants }) => {
      const reach = reachOf(holder, grants)
      return reach === undefined ? [] : [[field, reach]]
    })
    expect(open).toEqual(
      ['Credential.chains', 'Evidence.chain', 'Evidence.credential', 'Evidence.credentials', 'Evidence.retrievals', 'Query.caller', 'Query.evidence'].map((field) => [field, 'part']),
    )
    expect(partsOf(holder, [inVaults(role)])).toEqual([part])
  }) // prettier-ignore

  it('lets only operators release from quarantine', () => {
    expect(rolesIn('Mutation.releaseQuarantined')).toEqual(['operator'])
  })
})

describe('a grant', () => {
  it('of all goes before one of the own only, and none reaches nothing', () => {
    const grants = ['auditor', own('reviewer')] as const
    expect(reachOf({ roles: ['auditor', 'reviewer'] }, grants)).toBe('all')
    expect(reachOf({ roles: ['reviewer'] }, grants)).toBe('own')
    expect(reachOf({ roles: ['operator'] }, grants)).toBeUndefined()
    expect(reachOf({ roles: ROLES }, undefined)).toBeUndefined()
  })

  it('of a part narrows to those of the same role, and to none who holds the role outright', () => {
    const grants = [inVaults('auditor')] as const
    const within = [{ role: 'auditor', vaults: ['a', 'b'] }, { role: 'auditor', environments: ['test'] }, { role: 'security-engineer', vaults: ['c'] }] as const // prettier-ignore
    expect(partsOf({ roles: [], within }, grants)).toEqual([{ vaults: ['a', 'b'] }, { environments: ['test'] }])
    expect(partsOf({ roles: ['auditor'], within }, grants)).toBeUndefined()
    expect(partsOf({ roles: ['reviewer'] }, grants)).toEqual([])
    expect(reachOf({ roles: [], within }, ['auditor'])).toBeUndefined()
  })

  it.each<EvidencePart>([{}, { vaults: [] }, { vaults: ['a'], environments: [] }, { units: [] }])('of the part %j reaches nothing', (part) => {
    expect(reachOf({ roles: [], within: [{ role: 'auditor', ...part }] }, [inVaults('auditor')])).toBeUndefined()
  }) // prettier-ignore
})
