import { describe, expect, it } from '@jest/globals'
import { looksSecret } from './redaction-shapes.js'

const [ALNUM, HEX, UPPER] = ['aB3dE5gH7jK9'.repeat(5), '0a1b2c3d'.repeat(5), 'A1B2C3D4E5F6G7H8I9J0']
const take = (length: number, from = ALNUM): string => from.slice(0, length)

/** One token of each shape that begins with fixed characters. */
const TOKENS = [
  `hvs.${take(20)}`,
  `s.${take(24)}`,
  `ghp_${take(30)}`,
  `github_pat_${take(20)}`,
  `glpat-${take(20)}`,
  `AKIA${take(16, UPPER)}`,
  `AIza${take(35)}`,
  `ya29.${take(20)}`,
  `xoxb-${take(10)}`,
  `xapp-1-${take(10)}`,
  `sk_live_${take(16)}`,
  `SK${take(32, HEX)}`,
  `SG.${take(16)}`,
  `npm_${take(30)}`,
  `pypi-${take(30)}`,
  `dckr_pat_${take(20)}`,
  `dop_v1_${take(40, HEX)}`,
  `dapi${take(32, HEX)}`,
  `shpat_${take(32, HEX)}`,
  `sk-ant-${take(20)}`,
  `sk-${take(32)}`,
  `hf_${take(30)}`,
  `8Q~${take(31)}`,
  `ATATT3${take(20)}`,
  `AGE-SECRET-KEY-1${take(20, UPPER)}`,
  `x.atlasv1.${take(20)}`,
  `glsa_${take(20)}`,
  `PMAK-${take(20, HEX)}`,
  `NRAK-${take(20, UPPER)}`,
  `sntryu_${take(20)}`,
  `lin_api_${take(30)}`,
  `AKCp${take(50)}`,
  `7:AA${take(30)}`,
  `GOCSPX-${take(20)}`,
  `dckr_oat_${take(20)}`,
  `xoxd-${take(10)}`,
  `whsec_${take(20)}`,
]

describe('a text that holds a token', () => {
  it.each(TOKENS)('R2.6 is known by %s alone, and in the middle of a line', (token) => {
    expect(looksSecret(token)).toBe(true)
    expect(looksSecret(`{"path":"orders/db","note":"${token}"}`)).toBe(true)
  })
})

describe('a text that an escape stands in', () => {
  it.each([`/callback?state=x&code\\\\=${take(16)}`, `password\\\\=${take(16)}`])(
    'R2.6 is known all the same: %s',
    (text) => {
      expect(looksSecret(text)).toBe(true)
    },
  )
})

describe('a text that names a secret in the way of options and headers', () => {
  it.each([
    ...['--api-key=', 'X-Api-Key: ', '--access-token=', 'X-Auth-Token: ', 'X-Vault-Token: ', 'client-secret='],
    ...['private-key=', 'api_key=', 'access_token: ', 'token=', '--token=', 'Authorization: Bearer\t', 'bearer  '],
  ])('R2.6 is known: %s', (name) => expect(looksSecret(`curl ${name}${take(16)}`)).toBe(true))

  it.each([
    'permissions: id-token: write',
    'secret/data/api-key',
    'the token was renewed',
    'xtoken=1',
    'bearer\tof news',
  ])('R2.6 is told from ordinary words: %s', (text) => expect(looksSecret(text)).toBe(false))
})

describe('a text like a token', () => {
  it.each([`xs.${take(24)}`, `aQ~${take(31)}`, `x:AA${take(30)}`, `aSK${take(32, HEX)}`, `xhf_${take(30)}`])(
    'is none where a letter stands before its short prefix: %s',
    (text) => expect(looksSecret(`at ${text}`)).toBe(false),
  )
})
