import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { touchesOf } from '@catena/remediation'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Told } from './campaign-story.js'
import { tellRevokeStory } from './revoke-story.js'

const RECORDED = join(import.meta.dirname, 'recorded')
/** Between what the log holds before, and the revocation. */
const LATER_MS = 100

/** A fake: it answers as Vault 1.21 did, and the logs are those that Vault wrote then (vault.full.spec.ts asks the real one). */
describe('a revoke, as a Vault was recorded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catena-revoke-'))
  const asked: string[] = []
  let server: Server
  let told: Told

  beforeAll(async () => {
    server = createServer(({ method, url, headers }, response) => {
      asked.push(`${method} ${url}`)
      response.writeHead(headers['x-vault-token'] === 'of-remediation' ? 204 : 403).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    writeFileSync(join(folder, 'token'), 'of-remediation')
    const before = join(RECORDED, 'before.log')
    const last = JSON.parse(readFileSync(before, 'utf8').trimEnd().split('\n').at(-1) ?? '') as { time: string }
    told = await tellRevokeStory({
      url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      tokenFile: join(folder, 'token'),
      before,
      after: () => Promise.resolve(['after.log', 'server.log'].map((name) => join(RECORDED, name))),
      now: Date.parse(last.time) + LATER_MS,
    })
  }, 60_000)
  afterAll(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  it('R4.4 R6.5 is held for what else would end, carried out once released, and verified by later records only', () => {
    expect(told.planned.status).toBe('held')
    expect(touchesOf(told.planned.steps)).toEqual(['its token also reads secret/ledger'])
    expect(asked).toEqual([
      expect.stringMatching(/^POST \/v1\/sys\/leases\/revoke\/pki\/issue\/web\/\w+$/),
      'POST /v1/auth/token/revoke-accessor',
    ])
    expect(told.settled).toMatchObject({ status: 'settled', endsTheRight: false })
    expect(told.statuses).toEqual(['remediating', 'remediating', 'remediating', 'verified'])
  })
})
