import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { exportJWK, SignJWT } from 'jose'
import { TokenVerifier } from './verify-token.js'

const ISSUER = 'https://login.example'
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** Its key names no algorithm, as those of some providers: then nothing but our list says which count. */
async function verifierFor(algorithms: readonly string[]): Promise<TokenVerifier> {
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] })
  const settings = { audience: 'api', issuer: ISSUER, algorithms, personScope: 'oidc/acme', rolesClaim: 'roles', rolesWithin: new Map(), roles: new Map() } // prettier-ignore
  const provider = {
    settings,
    configuration: () => Promise.resolve({ serverMetadata: () => ({ jwks_uri: `${ISSUER}/keys` }) }),
    fetch: () => Promise.resolve(new Response(keys, { headers: { 'content-type': 'application/json' } })),
  }
  const sessions = { isEnded: () => Promise.resolve(false) }
  return new TokenVerifier({ provider: provider as never, sessions: sessions as never, separatesDuties: true })
}

const signed = (alg: string) =>
  new SignJWT({ iss: ISSUER, aud: 'api', sub: 'ann' })
    .setProtectedHeader({ alg, kid: 'k' })
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey)

describe('a token that is signed by the right key', () => {
  it.each([
    ['RS256', ['RS256'], true],
    ['RS512', ['RS256'], false],
    ['PS256', ['RS256'], false],
    ['PS256', ['RS256', 'PS256'], true],
  ])('as %s counts where %s are allowed: %s', async (alg, allowed, counts) => {
    const caller = await (await verifierFor(allowed)).callerOf(await signed(alg))
    expect(caller?.id).toBe(counts ? 'person:oidc/acme:ann' : undefined)
  })
})
