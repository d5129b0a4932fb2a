import { createHash } from 'node:crypto'

/** An invented secret of a kind, and the part of it that must be found nowhere. */
export interface Canary {
  readonly kind: string
  readonly text: string
  readonly core: string
}

const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const HEX = '0123456789abcdef'

/** The same invented characters for a kind in every run. */
function invent(kind: string, length: number, alphabet = BASE62): string {
  let text = ''
  for (let block = 0; text.length < length; block += 1) {
    const bytes = createHash('sha256').update(`${kind} ${block}`).digest()
    text += [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('')
  }
  return text.slice(0, length)
}

function base64Url(value: string): string {
  return Buffer.from(value).toString('base64url')
}

/** Prefix, length, characters and end of each kind; joined at run time, so that no scanner takes this file for a leak. */
const PREFIXED: readonly (readonly [kind: string, prefix: string, length: number, alphabet?: string, end?: string])[] =
  [
    ['vault service token', 'hvs.CAESI', 90],
    ['vault batch token', 'hvb.AAAAAQ', 420],
    ['vault recovery token', 'hvr.CAESI', 90],
    ['openbao service token', 's.', 24],
    ['openbao batch token', 'b.', 24],
    ['github personal token', 'ghp_', 36],
    ['github oauth token', 'gho_', 36],
    ['github user token', 'ghu_', 36],
    ['github app token', 'ghs_', 36],
    ['github refresh token', 'ghr_', 76],
    ['github fine-grained token', 'github_pat_', 82],
    ['gitlab token', 'glpat-', 20],
    ['gitlab deploy token', 'gldt-', 20],
    ['aws access key', 'AKIA', 16, UPPER],
    ['aws session key', 'ASIA', 16, UPPER],
    ['aws secret key', 'aws_secret_access_key=', 40],
    ['google api key', 'AIza', 35],
    ['google oauth token', 'ya29.', 60],
    ['slack bot token', 'xoxb-', 40],
    ['slack app token', 'xapp-1-', 40],
    ['slack webhook', 'https://hooks.slack.com/services/T0AAAAAAA/B0AAAAAAA/', 24],
    ['stripe key', 'sk_live_', 24],
    ['twilio key', 'SK', 32, HEX],
    ['sendgrid key', 'SG.', 22, BASE62, '.end-of-the-invented-key'],
    ['npm token', 'npm_', 36],
    ['pypi token', 'pypi-AgEIcHlwaS5vcmc', 60],
    ['docker token', 'dckr_pat_', 27],
    ['digitalocean token', 'dop_v1_', 64, HEX],
    ['databricks token', 'dapi', 32, HEX],
    ['shopify token', 'shpat_', 32, HEX],
    ['anthropic key', 'sk-ant-api03-', 80],
    ['openai key', 'sk-proj-', 80],
    ['hugging face token', 'hf_', 34],
    ['entra client secret', 'aB38Q~', 34],
    ['azure storage key', 'AccountName=x;AccountKey=', 86, BASE62, '=='],
    ['atlassian token', 'ATATT3xFfGF0', 60],
    ['age key', 'AGE-SECRET-KEY-1', 58, UPPER],
    ['terraform token', 'x4Tq.atlasv1.', 60],
    ['grafana token', 'glsa_', 32],
    ['telegram token', '123456789:AA', 33],
    ['url credentials', 'postgres://app:', 20, BASE62, '@db.example/app'],
    ['basic authorization', 'Basic ', 32],
    ['bearer authorization', 'Bearer ', 40],
    ['okta api token', 'SSWS 00', 40],
    ['password assignment', 'password=', 16],
    ['oidc code', '/v1/auth/oidc/oidc/callback?state=st_1&code=', 30],
  ]

/** Different secrets of each kind: over a thousand in all. */
export const SECRETS_PER_KIND = 21

/** Every kind of secret that its shape betrays, by serial number from 0. */
const MAKERS: readonly ((serial: number) => Canary)[] = [
  ...PREFIXED.map(([kind, prefix, length, alphabet, end = '']) => (serial: number) => {
    const core = invent(seedOf(kind, serial), length, alphabet)
    return { kind, text: prefix + core + end, core }
  }),
  jsonWebToken,
  privateKey,
  accountFile,
]

/** Each secret by kind and serial number. */
export const SECRETS: readonly (readonly Canary[])[] = MAKERS.map((make) =>
  Array.from({ length: SECRETS_PER_KIND }, (_, serial) => make(serial)),
)

/** One of each kind. */
export const CANARIES: readonly Canary[] = SECRETS.map(([first]) => first!)

/** As many characters of a secret tell that it leaked. */
export const TELLING_LENGTH = 16

const TELLING = new Set(SECRETS.flat().map(({ core }) => core.slice(0, TELLING_LENGTH).toLowerCase()))
const RUN = new RegExp(`[A-Za-z0-9]{${TELLING_LENGTH},}`, 'g')

/** The beginning of the first of all these secrets that stands in a text, in whatever case and however it is joined to others. */
export function secretIn(text: string): string | undefined {
  for (const [run] of text.matchAll(RUN)) {
    const lower = run.toLowerCase()
    for (let at = 0; at + TELLING_LENGTH <= lower.length; at += 1) {
      const part = lower.slice(at, at + TELLING_LENGTH)
      if (TELLING.has(part)) return part
    }
  }
  return undefined
}

function seedOf(kind: string, serial: number): string {
  return serial === 0 ? kind : `${kind} no ${serial}`
}

function jsonWebToken(serial: number): Canary {
  const core = invent(seedOf('jwt', serial), 43)
  const head = [{ alg: 'RS256', typ: 'JWT' }, { sub: 'canary' }].map((part) => base64Url(JSON.stringify(part)))
  return { kind: 'jwt', text: [...head, core].join('.'), core }
}

function privateKey(serial: number): Canary {
  const core = invent(seedOf('pem', serial), 64)
  const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} OPENSSH PRIVATE KEY-----`)
  return { kind: 'private key', text: [begin, core, end].join('\n'), core }
}

function accountFile(serial: number): Canary {
  const core = invent(seedOf('account file', serial), 30)
  return { kind: 'secret in JSON', text: JSON.stringify({ type: 'service', client_secret: core }), core }
}
