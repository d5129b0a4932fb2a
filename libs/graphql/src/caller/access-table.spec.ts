import { ROLES, VAULT_ROLES } from '@catena/domain'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { buildSchema, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql'
import { RESOLVERS } from '../resolvers.js'
import { printApiSchema } from '../schema.js'
import { accessTable, type AccessRow } from './access-table.js'
import { inVaults, own, reachOf, vaultsOf } from './allow.js'

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

  it.each(VAULT_ROLES)('shows whoever is %s of some vaults only the fields that narrow to them, and nothing else', (role) => {
    const holder = { roles: [], within: [{ role, vaults: ['payments'] }] }
    const open = table.flatMap(({ field, grants }) => {
      const reach = reachOf(holder, grants)
      return reach === undefined ? [] : [[field, reach]]
    })
    expect(open).toEqual(
      ['Credential.chains', 'Evidence.chain', 'Evidence.credential', 'Evidence.credentials', 'Evidence.retrievals', 'Query.caller', 'Query.evidence'].map((field) => [field, 'vaults']),
    )
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

  it('of vaults narrows to those of the same role, and to none who holds the role outright', () => {
    const grants = [inVaults('auditor')] as const
    const within = [{ role: 'auditor', vaults: ['a', 'b'] }, { role: 'auditor', vaults: ['b'] }, { role: 'security-engineer', vaults: ['c'] }] as const // prettier-ignore
    expect(vaultsOf({ roles: [], within }, grants)).toEqual(['a', 'b'])
    expect(vaultsOf({ roles: ['auditor'], within }, grants)).toBeUndefined()
    expect(vaultsOf({ roles: ['reviewer'] }, grants)).toEqual([])
    expect(reachOf({ roles: [], within }, ['auditor'])).toBeUndefined()
    expect(reachOf({ roles: [], within: [{ role: 'auditor', vaults: [] }] }, grants)).toBeUndefined()
  })
})
