import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Told } from './campaign-story.js'
import { GROUP, tellGroupStory, type PeopleSide } from './keycloak-story.js'
import type { Exchange } from './recording-proxy.js'

const RECORDED = join(import.meta.dirname, 'recorded', 'keycloak')
/** Between what the records hold before, and the revocation. */
const LATER_MS = 20

const sideOf = (name: string): PeopleSide['before'] => ({
  vault: join(RECORDED, name, 'vault.log'),
  keycloak: ['events', 'admin-events'].map((kind) => join(RECORDED, name, `keycloak-${kind}.json`)),
})

/** A fake: it answers as Keycloak 26.4 did, and the records are those that Keycloak and a Vault wrote then (keycloak.full.spec.ts asks the real ones). */
describe('a revoke, as a Keycloak was recorded', () => {
  const exchanges = JSON.parse(readFileSync(join(RECORDED, 'exchanges.json'), 'utf8')) as Exchange[]
  const folder = mkdtempSync(join(tmpdir(), 'catena-revoke-'))
  const asked: string[] = []
  let server: Server
  let told: Told

  beforeAll(async () => {
    server = createServer(({ method = '', url = '' }, response) => {
      asked.push(`${method} ${url}`)
      const known = exchanges.find((one) => one.method === method && one.path === url)
      response.writeHead(known?.status ?? 500).end(known?.body ?? 'this fake does not know it')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    writeFileSync(join(folder, 'secret'), 'of-remediation')
    told = await tellGroupStory({
      url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      secretFile: join(folder, 'secret'),
      before: sideOf('before'),
      after: () => Promise.resolve(sideOf('after')),
      now: lastIn(sideOf('before').vault) + LATER_MS,
    })
  }, 60_000)
  afterAll(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  it('R4.3 R6.5 takes the person out of the group, and is verified by the admin event alone', () => {
    const removal = exchanges.find(({ method }) => method === 'DELETE')?.path
    expect(asked.at(-1)).toBe(`DELETE ${removal}`)
    expect(Object.values(told.settled.done)).toEqual([expect.stringContaining(`took the user out of ${GROUP}`)])
    expect(told.settled).toMatchObject({ status: 'settled', endsTheRight: true })
    expect(told.statuses).toEqual(['applied', 'applied', 'applied', 'verified'])
  })
})

function lastIn(log: string): number {
  const { time } = JSON.parse(readFileSync(log, 'utf8').trimEnd().split('\n').at(-1) ?? '') as { time: string }
  return Date.parse(time)
}
