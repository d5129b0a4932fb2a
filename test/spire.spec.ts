import type { Json, SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { chainOf, given, sourceOf, type Given } from './walked-records.js'

const SPIRE = sourceOf('spire', { heartbeatSeconds: 7_200 })
const WORKLOAD = 'spiffe-id:spire/tideline.example:spiffe://tideline.example/ns/shop/sa/orders'
const SERIAL = '227153464545417103918174830441063401042'
const issuer = { kind: 'spire', scope: 'tideline.example' } as const

const vaultWith = (claims: SourceInstance['federations'][number]['claims']): SourceInstance =>
  sourceOf('vault', { federations: [{ mount: 'auth/jwt-ci/', issuer, claims }] })

function loginAndRead(source: SourceInstance, metadata: Json, time = '2026-11-23T11:30:00Z'): Given[] {
  const login = given(source, 'login-jwt-run', {
    time,
    'auth.metadata': metadata,
    'response.auth.metadata': metadata,
    'auth.accessor': 'acc1',
    'response.auth.accessor': 'acc1',
  })
  const read = given(source, 'read-kv2', {
    time: new Date(Date.parse(time) + 1_000).toISOString(),
    'auth.accessor': 'acc1',
    'request.client_token_accessor': 'acc1',
    'request.remote_address': '127.0.20.31',
  })
  return [login, read]
}

const issued = given(SPIRE, 'x509-svid-issued')
const signed = given(SPIRE, 'x509-svid-signed', { expiration: '2026-11-23T12:00:00Z' })

describe('a login at a vault by the certificate of a workload', () => {
  const vault = vaultWith({ serial_number: 'serial_number' })

  it('R1.1 R1.7 is proven by the serial number, whether audit entry, line or both tell of it', async () => {
    for (const told of [[issued], [signed], [issued, signed]]) {
      const { path, actor } = await chainOf(...told, ...loginAndRead(vault, { serial_number: SERIAL }))
      expect([path.state, path.through]).toEqual(['proven', `svid:spire/tideline.example:${SERIAL}`])
      expect(actor).toMatchObject({ state: 'proven', principal: { key: WORKLOAD, kind: 'workload' } })
    }
  })

  it('R1.5 is missing where the server logged no serial number', async () => {
    const { path } = await chainOf(given(SPIRE, 'x509-svid-issued-old-server'), ...loginAndRead(vault, { serial_number: SERIAL })) // prettier-ignore
    expect([path.state, path.reason]).toEqual(['missing', 'gap in the source'])
  })

  it('R1.4 is at most inferred once the certificate had run out', async () => {
    const { actor } = await chainOf(signed, ...loginAndRead(vault, { serial_number: SERIAL }, '2026-11-23T13:00:00Z'))
    expect(actor).toMatchObject({ state: 'inferred', caveats: ['custody: session ended'] })
  })
})

describe('a login at a vault by the token of a workload', () => {
  const vault = vaultWith({ sub: 'spiffe_id' })
  const subject = { spiffe_id: 'spiffe://tideline.example/ns/shop/sa/orders' }

  it('R1.7 R1.4 is proven to be the workload; which document it was, is inferred or ambiguous', async () => {
    const token = given(SPIRE, 'jwt-svid-issued')
    const one = await chainOf(token, ...loginAndRead(vault, subject))
    expect([one.path.state, one.actor.state]).toEqual(['inferred', 'proven'])
    const two = await chainOf(token, issued, ...loginAndRead(vault, subject))
    expect([two.path.state, two.actor]).toMatchObject(['ambiguous', { state: 'proven', principal: { key: WORKLOAD } }])
  })
})
