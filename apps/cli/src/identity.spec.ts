import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRealCatena, type RealCatena } from './testing/real-catena.js'

const ALIAS = 'vault-account:prod:up_1/sam'
const SAM = 'person:keycloak/acme:sam'

let real: RealCatena
beforeAll(async () => {
  real = await startRealCatena()
}, 60_000)
afterAll(() => real.stop())
const decide = (...words: string[]) => real.catena('identity', ...words, '--reason', 'asked the team')

describe('a decision on an identity', () => {
  it('R1.6 enters the ledger once, with who decided', async () => {
    const first = await decide('accept', ALIAS, SAM, '--by', 'olga')
    expect([first.code(), first.out()]).toEqual([0, `decided at position 1: ${ALIAS} and ${SAM}\n`])
    expect((await decide('accept', ALIAS, SAM)).out()).toContain('decided so already')
  })

  it('R1.6 is refused with what to do instead', async () => {
    const refused = await decide('accept', ALIAS, 'person:keycloak/acme:eve')
    expect(refused.code()).toBe(1)
    expect(refused.errors()).toContain(`is joined to ${SAM} at that time: end that join first (JOINED_TO_ANOTHER)`)
  })

  it('R6.4 ends a join and keeps what was decided before', async () => {
    expect((await decide('end', ALIAS, SAM, '--to', '2026-03-01')).out()).toContain('decided at position 2')
    expect((await decide('accept', ALIAS, 'person:keycloak/acme:eve', '--from', '2026-03-01')).out()).toContain(
      'position 3',
    )
  })

  it('suggests nothing where nothing reads alike', async () => {
    const nothing = await real.catena('identity', 'suggestions')
    expect([nothing.code(), nothing.out()]).toEqual([3, ''])
    expect(nothing.errors()).toContain('nobody has decided on')
  })
})
