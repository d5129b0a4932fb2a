import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { accessOf, accessSchema } from '../../libs/platform/src/access-schema.js'
import { deriveCallerKeys, openCallers } from '@catena/callers'
import { systemClock } from '@catena/platform'
import { openPoster } from '../../libs/siem/src/sinks/post.js'
import { openSyslog } from '../../libs/siem/src/sinks/syslog.js'
import { describe, expect, it } from '@jest/globals'

/** Where clouds serve credentials, as an attacker would write it. */
const METADATA = ['169.254.169.254', '2852039166', '0xA9FEA9FE', '[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[fd00:ec2::254]'] // prettier-ignore
const signal = AbortSignal.timeout(5_000)

describe('an address that would make Catena ask a cloud for its credentials', () => {
  it.each(METADATA)('https://%s is no issuer and no address of Catena', (host) => {
    const provider = { issuer: `https://${host}/realms/x`, client_id: 'catena' }
    expect(accessSchema.safeParse({ provider }).success).toBe(false)
    expect(accessSchema.safeParse({ url: `https://${host}` }).success).toBe(false)
  })

  it.each(METADATA)('https://%s is no destination, by HTTP or a collector, even with allow_private', async (host) => {
    const poster = openPoster({ url: new URL(`https://${host}/x`), tls: {}, allowPrivate: true })
    await expect(poster.post('/x', {}, '{}', signal)).rejects.toThrow(/clouds/)
    poster.close()
  })

  it.each(['tls', 'tcp', 'udp'] as const)('is no syslog receiver by %s', async (transport) => {
    const sink = openSyslog({ host: '169.254.169.254', port: 514, transport, tls: {} })
    await expect(sink.send([{ id: '1', text: 'x' } as never], signal)).rejects.toThrow(/clouds/)
    await sink.close()
  })

  it('is not asked for keys where a provider names it', async () => {
    const server = createServer((_, response) => response.end(JSON.stringify(described)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const described = { issuer, jwks_uri: 'http://169.254.169.254/latest/keys', authorization_endpoint: `${issuer}/a` }
    const provider = { issuer, client_id: 'catena', audience: 'api' }
    const access = accessOf(accessSchema.parse({ provider }), (path) => path)
    const callers = openCallers({ pool: undefined as never, streams: undefined as never, keys: deriveCallerKeys(Buffer.alloc(32, 7)), clock: systemClock, access, env: {}, localToken: undefined }) // prettier-ignore
    const header = Buffer.from('{"alg":"RS256","kid":"k"}').toString('base64url')
    const asked = callers.people?.verifier.callerOf(`${header}.e30.c2ln`)
    await expect(asked).rejects.toMatchObject({ name: 'ProviderUnavailable', cause: { name: 'ForbiddenAddress' } })
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('an issuer that is plain HTTP or carries a password', () => {
  it.each(['http://login.example', 'https://user:pw@login.example', 'file:///etc/passwd', 'gopher://x'])(
    '%s is refused', (issuer) => {
      expect(accessSchema.safeParse({ provider: { issuer, client_id: 'catena' } }).success).toBe(false)
    },
  ) // prettier-ignore
})
