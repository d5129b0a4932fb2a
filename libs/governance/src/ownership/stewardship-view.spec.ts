import { makeKey } from '@catena/domain'
import { handleCommand, PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { stewardship, stewardshipStream, type StewardshipCommand } from './decider.js'
import { PRIVILEGE_RULES_DEFAULT, PRIVILEGE_RULES_STREAM, privilegeRules } from '../privilege/privilege-rules.js'
import { readPrivilegeRules } from '../privilege/read-privilege-rules.js'
import {
  listRegistered,
  ownedByName,
  readOwnershipRules,
  readOwnershipVersions,
  readStewardships,
} from './read-stewardship.js'
import { ownershipRules, OWNERSHIP_RULES_STREAM } from './rules.js'
import { stewardshipView } from './stewardship-view.js'

const [one, two] = ['1'.repeat(32), '2'.repeat(32)]
const ana = makeKey('person', 'keycloak/acme', 'ana')
const ben = makeKey('person', 'keycloak/acme', 'ben')
const by = { actor: 'person:chief', at: 1000 }

describe('the view of stewardship', () => {
  let postgres: TestPostgres
  let ledger: PostgresLedger
  let pool: pg.Pool
  let runner: DecisionViewRunner
  beforeAll(async () => {
    postgres = await startTestPostgres()
    ledger = new PostgresLedger({ databaseUrl: postgres.databaseUrl })
    pool = createPool(postgres.databaseUrl, { applicationName: 'catena-test' })
    runner = new DecisionViewRunner({
      views: [stewardshipView],
      log: ledger,
      databaseUrl: postgres.databaseUrl,
      onError: (error) => console.error(error),
    })
    runner.start()
  }, 60_000)
  afterAll(async () => {
    await runner.stop()
    await pool.end()
    await ledger.close()
    await postgres.stop()
  })

  const decide = async (command: StewardshipCommand): Promise<number> => {
    const handled = await handleCommand(ledger, stewardship, {
      stream: stewardshipStream(command.credential),
      command,
      by,
    })
    if ('refused' in handled) throw new Error(handled.message)
    return handled.position
  }

  it('R2.2 R1.10 tells whose a credential was as known at any cut', async () => {
    const first = await decide({ do: 'AssignOwner', credential: one, key: ana, name: 'ana' })
    const second = await decide({ do: 'AssignOwner', credential: one, key: ben, name: 'ben' })
    const last = await decide({ do: 'AssignOwner', credential: two, key: ana, name: 'ana' })
    await runner.caughtUp(last)
    const owners = async (position: number) =>
      [...(await readStewardships(pool, position, [one, two]))].map(([id, { owner }]) => [id, owner?.name])
    expect(await owners(first - 1)).toEqual([])
    expect(await owners(first)).toEqual([[one, 'ana']])
    expect(await owners(second)).toEqual([[one, 'ben']])
    expect(await ownedByName(pool, first, ana)).toEqual([one])
    expect(await ownedByName(pool, last, ana)).toEqual([two])
  })

  it('R5.1 keeps where in the ledger each thing was said, so that a verdict can name it', async () => {
    const three = '3'.repeat(32)
    const assigned = await decide({ do: 'AssignOwner', credential: three, key: ana, name: 'ana' })
    const copied = await decide({ do: 'DeclareCopy', credential: three, kind: 'chat', place: '#payments' })
    await runner.caughtUp(copied)
    const state = (await readStewardships(pool, copied, [three])).get(three)
    expect([state?.owner?.position, state?.copies[0]?.position]).toEqual([assigned, copied])
  })

  it('R2.8 lists what was registered by hand', async () => {
    const position = await decide({ do: 'RegisterCredential', credential: two, system: 'paper/hq', path: 'bank' })
    await runner.caughtUp(position)
    expect(await listRegistered(pool, position, undefined, 10)).toMatchObject([
      { id: two, state: { registration: { path: 'bank' }, owner: { name: 'ana' } } },
    ])
    expect(await listRegistered(pool, position, two, 10)).toEqual([])
    expect(await listRegistered(pool, position, undefined, 10, by.at - 1)).toEqual([])
  })

  it('R2.2 keeps every version of the rules', async () => {
    const before = await ledger.head()
    const command = [{ id: 'all', path: '**', owner: { key: ana, name: 'ana' } }]
    const handled = await handleCommand(ledger, ownershipRules, { stream: OWNERSHIP_RULES_STREAM, command, by })
    const position = 'refused' in handled ? 0 : handled.position
    await runner.caughtUp(position)
    expect(await readOwnershipRules(pool, before)).toMatchObject({ version: 0, rules: [] })
    expect(await readOwnershipRules(pool, position)).toMatchObject({ version: 1, rules: [{ id: 'all', path: '**' }] })
    expect(await readOwnershipVersions(pool, before)).toEqual([])
    expect(await readOwnershipVersions(pool, position)).toMatchObject([{ version: 1, at: by.at }])
  })

  it('R2.9 keeps every version of what makes a credential privileged; before the first, those that come with it', async () => {
    const before = await ledger.head()
    const command = [{ id: 'refunds', path: '**/refunds' }]
    const handled = await handleCommand(ledger, privilegeRules, { stream: PRIVILEGE_RULES_STREAM, command, by })
    const position = 'refused' in handled ? 0 : handled.position
    await runner.caughtUp(position)
    expect(await readPrivilegeRules(pool, before)).toEqual(PRIVILEGE_RULES_DEFAULT)
    expect(await readPrivilegeRules(pool, position)).toMatchObject({ version: 1, rules: command })
  })
})
