import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ACCESS_DEFAULTS } from '@catena/platform'
import { startTestPostgres } from '@catena/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Command } from 'commander'
import { examine } from './doctor/examine.js'
import type { Found } from './doctor/found.js'
import { lookAround, skewOf } from './doctor/look.js'
import { registerDoctor } from './doctor.js'
import { processContext } from './process-context.js'
import { fakeContext, type FakeContext } from './testing/fake-context.js'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-01T12:00:00Z')
const database = { user: 'catena_app', ownsLedger: false, isSuperuser: false, isEncrypted: true, skewMs: 5, tokens: [] }
const SAFE: Found = {
  now: NOW, settings: { host: '127.0.0.1', kafka: undefined, databaseUrl: undefined }, access: ACCESS_DEFAULTS, sources: [], webhookSecretLengths: new Map(),
  signingSecretLengths: new Map(), remediation: undefined, notifications: undefined,
  files: [], certificateEndsAt: undefined, runsAsRoot: false, database,
} // prettier-ignore
const token = {
  id: 't1',
  name: 'splunk',
  roles: ['export'],
  sources: [],
  issuedAt: NOW - DAY,
  expiresAt: NOW + 30 * DAY,
  lastUsedAt: NOW,
}
const tls = { certFile: 'c', keyFile: 'k', clientCaFile: undefined, clients: new Map() }
const kafka = { brokers: ['kafka.acme.example:9092'], ssl: false, sessionTimeoutMs: 1 }
const url = new URL('https://vault.acme.example')
const vault = {
  id: 'v',
  kind: 'vault',
  url,
  actsOn: 'vault/prod',
  tokenFile: '/t',
  namespace: undefined,
  allow: ['revoke-lease'],
  gives: [],
} as const
const keycloak = {
  id: 'k',
  kind: 'keycloak',
  url,
  scope: 'acme',
  realm: 'acme',
  clientId: 'c',
  clientSecretFile: '/c',
  allow: ['remove-from-group'],
  gives: [{ system: 'vault/prod', path: '**', group: 'g' }],
} as const
const receivers = [{ id: 'sheet', kind: 'csv', folder: '/orders' }] as const
const quiet = { email: undefined, webhooks: [], chats: [] }
const email = { id: 'email', host: 'smtp.acme.example', port: 587, tls: 'starttls', user: 'catena', passwordFile: '/p', caFile: undefined, from: 'catena@acme.example' } as const // prettier-ignore
const codes = (change: Partial<Found>) =>
  examine({ ...SAFE, ...change }).flatMap(({ weight, code }) =>
    code === 'BACKUP_UNKNOWN' ? [] : [`${weight} ${code}`],
  )
const open = { ...SAFE.settings, host: '0.0.0.0' }
const at = (change: Partial<typeof database>) => ({ database: { ...database, ...change } })

describe('an installation that is safe', () => {
  it('is told only that nobody here sees its backups', () => {
    expect(
      codes({ remediation: { systems: [vault, keycloak], receivers }, notifications: { ...quiet, email } }),
    ).toEqual([])
    expect(examine(SAFE).map(({ code }) => code)).toEqual(['BACKUP_UNKNOWN'])
  })
})

describe('a setting that is risky', () => {
  it.each<[string, Partial<Found>, string[]]>([
    ['a public address in clear', { settings: open }, ['risk NO_TLS', 'risk NO_PROVIDER']],
    ['TLS by a proxy', { settings: open, access: { ...ACCESS_DEFAULTS, url: 'https://catena.acme.example' } }, ['risk NO_PROVIDER', 'look TLS_BY_PROXY']],
    ['a certificate that ended', { access: { ...ACCESS_DEFAULTS, tls }, certificateEndsAt: NOW - 1 }, ['risk CERTIFICATE_ENDED']],
    ['a certificate that ends soon', { access: { ...ACCESS_DEFAULTS, tls }, certificateEndsAt: NOW + DAY }, ['look CERTIFICATE_ENDS']],
    ['a certificate that cannot be read', { access: { ...ACCESS_DEFAULTS, tls } }, ['unknown CERTIFICATE_UNREAD']],
    ['duties together', { access: { ...ACCESS_DEFAULTS, separatesDuties: false } }, ['risk DUTIES_TOGETHER']],
    ['sessions of a week', { access: { ...ACCESS_DEFAULTS, sessionMaxMs: 7 * DAY } }, ['look LONG_SESSIONS']],
    ['brokers in clear', { settings: { ...SAFE.settings, kafka } }, ['risk BROKER_WITHOUT_TLS', 'look BROKER_WITHOUT_LOGIN']],
    ['a weak password', { settings: { ...SAFE.settings, databaseUrl: 'postgresql://catena:catena@db.acme.example/catena' } }, ['risk WEAK_DATABASE_PASSWORD']],
    ['an owner as the application', at({ ownsLedger: true }), ['risk OWNER_AS_APPLICATION']],
    ['a superuser', at({ isSuperuser: true, ownsLedger: true }), ['risk SUPERUSER']],
    ['a clock that is off', at({ skewMs: -20_000 }), ['risk CLOCK_SKEW']],
    ['a clock that is a little off', at({ skewMs: 2_000 }), ['look CLOCK_SKEW']],
    ['a database in clear', { settings: { ...SAFE.settings, databaseUrl: 'postgresql://db.acme.example/catena' }, ...at({ isEncrypted: false }) }, ['risk DATABASE_WITHOUT_TLS']],
    ['a database that is away', { database: undefined }, ['unknown DATABASE_UNSEEN']],
    ['a token without end', at({ tokens: [{ ...token, expiresAt: Infinity }] as never }), ['risk TOKEN_WITHOUT_END']],
    ['a token that nobody uses', at({ tokens: [{ ...token, issuedAt: NOW - 100 * DAY, lastUsedAt: undefined }] as never }), ['look TOKEN_UNUSED']],
    ['a token for all sources', at({ tokens: [{ ...token, roles: ['ingest'] }] as never }), ['look TOKEN_FOR_ALL_SOURCES']],
    ['a webhook without a signature', { sources: [{ id: 'gh', kind: 'github', heartbeatSeconds: 60 }] }, ['look SOURCE_UNSIGNED']],
    ['a short webhook secret', { sources: [{ id: 'gh', kind: 'github', heartbeatSeconds: 60 }], webhookSecretLengths: new Map([['gh', [8]]]) }, ['risk WEAK_WEBHOOK_SECRET']],
    ['two webhook secrets at once', { sources: [{ id: 'gh', kind: 'github', heartbeatSeconds: 60 }], webhookSecretLengths: new Map([['gh', [40, 40]]]) }, ['look SECRET_IN_EXCHANGE']],
    ['a system of remediation in clear', { remediation: { systems: [{ ...vault, url: new URL('http://vault.acme.example') }], receivers } }, ['risk OUTSIDE_WITHOUT_TLS']],
    ['a system on this machine in clear', { remediation: { systems: [{ ...vault, url: new URL('http://127.0.0.1:8200') }], receivers } }, ['look OUTSIDE_WITHOUT_TLS']],
    ['a secret of two systems', { remediation: { systems: [vault, { ...vault, id: 'w' }], receivers } }, ['risk SECRET_SHARED']],
    ['a right that nothing needs', { remediation: { systems: [{ ...vault, allow: ['delete-role'] }], receivers } }, ['look RIGHT_NOT_NEEDED']],
    ['a system where nothing is allowed', { remediation: { systems: [{ ...vault, allow: [] }], receivers } }, ['look SYSTEM_UNUSED']],
    ['orders that nobody takes over', { remediation: { systems: [vault], receivers: [] } }, ['look NOBODY_TAKES_OVER']],
    ['a client of the realm master', { remediation: { systems: [{ ...keycloak, realm: 'master' }], receivers } }, ['risk REALM_MASTER']],
    ['a short secret that signs', { signingSecretLengths: new Map([['/s', 8]]) }, ['risk WEAK_SIGNING_SECRET']],
    ['mail in clear on this machine', { notifications: { ...quiet, email: { ...email, host: 'localhost', tls: 'none' } } }, ['look MAIL_WITHOUT_TLS']],
    ['mail that anybody can send', { notifications: { ...quiet, email: { ...email, user: undefined } } }, ['look MAIL_WITHOUT_LOGIN']],
    ['a notification in clear', { notifications: { ...quiet, webhooks: [{ id: 'hook', url: new URL('http://hooks.acme.example'), secretFile: '/s' }] } }, ['risk OUTSIDE_WITHOUT_TLS']],
    ['a source that may fall silent', { sources: [{ id: 'v', kind: 'vault' }] }, ['look SOURCE_MAY_FALL_SILENT']],
    ['a secret that others read', { files: [{ path: '/k', use: 'the key', isSecret: true, mode: 0o640 }] }, ['risk SECRET_READABLE']],
    ['a file that others write', { files: [{ path: '/c', use: 'the configuration', isSecret: false, mode: 0o664 }] }, ['risk FILE_WRITABLE']],
    ['a file that is not there', { files: [{ path: '/c', use: 'the TLS key', isSecret: true, mode: undefined }] }, ['unknown FILE_UNSEEN']],
    ['root', { runsAsRoot: true }, ['look ROOT']],
  ])('%s is named', (_, change, expected) => {
    expect(codes(change)).toEqual(expected)
  }) // prettier-ignore
})

describe('catena doctor', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'catena-doctor-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const SECRET = 'short-secret'
  async function doctor(...words: string[]): Promise<FakeContext> {
    const config = join(folder, 'catena.yaml')
    await writeFile(config, 'sources:\n  - { id: gh, kind: github, scope: acme, webhook_secret_env: CATENA_WEBHOOK_GH }\n')
    const env = { CATENA_DATA: folder, CATENA_CONFIG: config, CATENA_WEBHOOK_GH: SECRET, DATABASE_URL: 'postgresql://catena:catena-pw@db.acme.example/catena' }
    const context = fakeContext({ env })
    const program = new Command().exitOverride()
    registerDoctor(program, context)
    await program.parseAsync(['node', 'catena', 'doctor', ...words])
    return context
  } // prettier-ignore

  it('ends with a code of its own, says in JSON what it found, and prints no secret', async () => {
    await writeFile(join(folder, 'installation.key'), Buffer.alloc(32))
    await chmod(join(folder, 'installation.key'), 0o644)
    const [told, forScripts] = [await doctor(), await doctor('--json')]
    expect([told.errors(), told.code(), forScripts.code()]).toEqual(['', 7, 7])
    const { advice } = JSON.parse(forScripts.out()) as { advice: { code: string }[] }
    expect(advice.map(({ code }) => code)).toEqual(expect.arrayContaining(['SECRET_READABLE', 'WEAK_WEBHOOK_SECRET', 'WEAK_DATABASE_PASSWORD', 'DATABASE_UNSEEN'])) // prettier-ignore
    for (const text of [told.out(), forScripts.out()]) expect(text).not.toMatch(/short-secret|catena-pw/)
    expect(told.out()).toContain('the webhook secret of source gh has 12 characters')
  })

  it('looks at the files of secrets of remediation, notification and webhooks, and at their length', async () => {
    const secrets = ['vault', 'tickets', 'mail', 'hook', 'chat', 'gh'].map((name) => join(folder, name))
    for (const file of secrets) await writeFile(file, 'hush', { mode: 0o640 })
    await writeFile(
      join(folder, 'catena.yaml'),
      `sources: [{ id: gh, kind: github, scope: acme, webhook_secret_file: gh }]
remediation:
  systems: [{ id: v, kind: vault, url: "https://vault.acme.example", acts_on: vault/prod, token_file: vault, allow: [revoke-lease] }]
  hand_over: [{ id: tickets, kind: webhook, url: "https://tickets.acme.example", secret_file: tickets }]
notifications:
  email: { host: smtp.acme.example, user: catena, password_file: mail, from: catena@acme.example }
  webhooks: [{ id: hook, url: "https://hooks.acme.example", secret_file: hook }]
  chats: [{ id: chat, url_file: chat }]
`,
    )
    const env = { CATENA_DATA: folder, CATENA_CONFIG: join(folder, 'catena.yaml') }
    const advice = examine(await lookAround(fakeContext({ env })))
    const readable = advice.filter(({ code }) => code === 'SECRET_READABLE').map(({ what }) => what)
    for (const file of secrets) expect(readable.filter((what) => what.includes(`(${file})`))).toHaveLength(1)
    expect(advice.filter(({ code }) => code === 'WEAK_SIGNING_SECRET')).toHaveLength(2)
    expect(advice.filter(({ code }) => code === 'WEAK_WEBHOOK_SECRET')).toHaveLength(1)
    expect(JSON.stringify(advice)).not.toContain('hush')
  })

  it('takes a slow answer for no clock that is off', () => {
    const slow = { asked: 10_000, answered: 14_000 }
    expect([skewOf(10_500, slow), skewOf(10_000, slow), skewOf(14_000, slow)]).toEqual([0, 0, 0])
    expect([skewOf(8_000, slow), skewOf(15_000, slow)]).toEqual([2_000, -1_000])
  })

  it('sees at a real database who works there, whether its clock is right, and the tokens that can be used', async () => {
    const database = await startTestPostgres()
    const env = { CATENA_DATA: folder, DATABASE_URL: database.databaseUrl }
    const context = { ...processContext(env), env, now: () => Date.now() }
    const first = await lookAround(context)
    expect(first.database).toMatchObject({ user: 'catena_app', ownsLedger: false, isSuperuser: false, tokens: [] })
    expect(Math.abs(first.database?.skewMs ?? Infinity)).toBeLessThan(1_000)
    await database.stop()
    expect((await lookAround(context)).database).toBeUndefined()
  })
})
