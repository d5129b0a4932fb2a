import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { handsOf } from '@catena/remediation'
import { findKeycloak } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Told } from './campaign-story.js'
import { GROUP, REALM, tellGroupStory } from './keycloak-story.js'
import { startRealPeople, type RealPeople } from './real-people.js'
import { hasVault, VAULT_BINARY } from './real-vault.js'

const found = await findKeycloak()
const missing = 'missing' in found ? found.missing : hasVault ? undefined : `there is no Vault at ${VAULT_BINARY}`
if (missing !== undefined) process.stderr.write(`SKIPPED: a revoke at a real Keycloak: ${missing} (docs/remediation.md)\n`) // prettier-ignore

/** With CATENA_RECORD set to a folder, leaves there what both wrote and what Keycloak answered. */
const RECORD = process.env['CATENA_RECORD']

;(missing === undefined ? describe : describe.skip)('a revoke at a real Keycloak', () => {
  let people: RealPeople
  let told: Told
  let before: { readonly members: readonly string[]; readonly login: number }

  beforeAll(async () => {
    if ('missing' in found) return
    people = await startRealPeople(found.folder)
    before = { members: await people.members(), login: await people.loginAgain() }
    told = await tellGroupStory(people)
    if (RECORD !== undefined) await leaveIn(RECORD, people)
  }, 400_000)
  afterAll(() => {
    if (RECORD !== undefined) writeFileSync(join(RECORD, 'exchanges.json'), JSON.stringify(people.exchanges, null, 1))
    people.stop()
  })

  it('R6.5 takes the person out of the group, with rights for that alone, and calls the order applied', async () => {
    const [ana] = before.members
    expect(Object.values(told.settled.done)).toEqual([
      `remove user ${ana} from group ${GROUP}: Keycloak took the user out of ${GROUP}`,
    ])
    expect(told.settled).toMatchObject({ status: 'settled', endsTheRight: true })
    expect([before.members.length, await people.members()]).toEqual([1, []])
    expect(told.statuses.slice(0, 2)).toEqual(['applied', 'applied'])
  })

  it('R6.5 has taken the right away: the Vault that let her in lets her in no more', async () => {
    expect(before.login).toBe(200)
    expect(await people.loginAgain()).not.toBe(200)
  })

  it('R4.3 R6.5 is verified by the admin event that Keycloak wrote, after a silence, and by nothing else', () => {
    expect(told.statuses.slice(2)).toEqual(['applied', 'verified'])
    expect(told.item).toMatchObject({ status: 'verified' })
  })

  it('R6.5 switches a client off and leaves the rest of it as it is, and its admin event says so', async () => {
    const [asItWas] = await people.keycloak.admin<object[]>('GET', `${REALM}/clients?clientId=deploy`)
    const hand = handsOf({
      systems: [{ id: 'k', kind: 'keycloak', url: people.url, scope: REALM, realm: REALM, clientId: 'catena-remediation', clientSecretFile: people.secretFile, allow: ['disable-client'], gives: [] }],
      receivers: [],
    }).carriers.get('k') // prettier-ignore
    expect(await people.clientToken()).toBe(200)
    await hand?.carryOut({ do: 'disable-client', client: 'deploy' }, new AbortController().signal)
    expect(await people.clientToken()).not.toBe(200)
    const [asItIs] = await people.keycloak.admin<object[]>('GET', `${REALM}/clients?clientId=deploy`)
    expect(asItIs).toEqual({ ...asItWas, enabled: false })
    const [event] = await people.keycloak.admin<Record<string, unknown>[]>('GET', `${REALM}/admin-events?max=1`)
    if (RECORD !== undefined) writeFileSync(join(RECORD, 'client-off.json'), JSON.stringify(event, null, 2))
    expect(event).toMatchObject({ operationType: 'UPDATE', resourceType: 'CLIENT' })
    expect(JSON.parse(String(event?.['representation']))).toMatchObject({ clientId: 'deploy', enabled: false })
  })

  it('R6.5 may do nothing that it was not given', () => {
    const { exchanges } = people
    expect(exchanges.map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/g, '<id>')}`).slice(0, 3)).toEqual([
      `POST /realms/${REALM}/protocol/openid-connect/token`,
      `GET /admin/realms/${REALM}/groups?search=${GROUP}&exact=true`,
      `DELETE /admin/realms/${REALM}/users/<id>/groups/<id>`,
    ]) // prettier-ignore
    expect(exchanges.map(({ status }) => status).filter((status) => status >= 400)).toEqual([])
  })
})

async function leaveIn(folder: string, { before, after }: RealPeople): Promise<void> {
  for (const [name, side] of [['before', before], ['after', await after()]] as const) {
    mkdirSync(join(folder, name), { recursive: true })
    for (const path of [side.vault, ...side.keycloak]) copyFileSync(path, join(folder, name, basename(path)))
  }
} // prettier-ignore
