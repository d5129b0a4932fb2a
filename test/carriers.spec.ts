import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isCarrier } from '@catena/access-chain'
import { isMinted, namespaceOf, type Activity, type KeyGroup, type Namespace } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { connectorFolders, fixtureCases } from '../libs/connectors/src/fixture-cases.js'

const CONNECTORS = join(process.cwd(), 'libs/connectors/src')

/** By their expected activities, of all connectors. */
function groupsOfFixtures(): KeyGroup[] {
  const cases = connectorFolders(CONNECTORS).flatMap((folder) => fixtureCases(CONNECTORS, folder))
  const files = cases.map(({ expectedFile }) => expectedFile).filter((file) => existsSync(file))
  return files.flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as Partial<Activity>).groups ?? [])
}

/** Does it show what the caller acted with, or what a login came through? */
function isActedWith({ role, verb, trust }: KeyGroup): boolean {
  return verb === 'presents' && trust === 'verified' && (role === 'caller' || role.startsWith('federated-'))
}

describe('what carries authority on', () => {
  it('R8.1 R1.1 is every minted name that a record shows a caller or a login to come through', () => {
    const presented = groupsOfFixtures().filter(isActedWith)
    const keys = presented.flatMap(({ forms }) => forms.map(({ key }) => key)).filter(isMinted)
    const namespaces: Namespace[] = keys.map(namespaceOf)
    expect(namespaces).toEqual(expect.arrayContaining(['vault-token', 'entra-token', 'kubernetes-token', 'ci-job']))
    expect([...new Set(keys.filter((key) => !isCarrier(key)).map(namespaceOf))]).toEqual([])
  })
})
