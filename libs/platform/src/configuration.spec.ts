import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { SOURCE_KINDS } from '@catena/domain'
import { ConfigurationError } from './configuration-error.js'
import { readSettings } from './settings.js'
import { loadConfiguration, readConfiguration } from './source-configuration.js'

const FULL = `
sources:
  - id: vault-prod
    kind: vault
    scope: prod-1
    heartbeat: 15m
    shared_identities: [auth/approle/]
    gaps: [{ from: 2026-03-01T08:00:00Z, to: 2026-03-01T09:00:00+00:00 }]
    federations:
      - mount: auth/oidc/
        issuer: keycloak:tideline
        claims: { sid: sid, sub: oidc_sub }
        client: vault
        session_max: 10h
      - mount: auth/jwt/
        issuer: { kind: github, scope: github.com }
        session_max: 3600
  - id: gh
    kind: github
    scope: github.com
    webhook_secret_env: GH_SECRET
`

async function problemsOf(yaml: string, env: Record<string, string> = {}): Promise<readonly string[]> {
  const failure: unknown = await readConfiguration(yaml, '/etc/catena.yaml', env).catch((error: unknown) => error)
  return failure instanceof ConfigurationError ? failure.problems : []
}

describe('a configuration file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catena-configuration-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('sets bounds of the walk, and names those that it cannot read', async () => {
    const { walk } = await readConfiguration('walk: { clock_skew_max: 10s, custody_max: 12h }', 'catena.yaml', {})
    expect(walk).toEqual({ skewMaxMs: 10_000, custodyMaxMs: 43_200_000 })
    expect(await problemsOf('walk: { clock_skew_max: soon }')).toEqual([
      'walk.clock_skew_max must be a duration such as 90s, 15m, 10h or 2d, or a number of seconds',
    ])
  })

  it('becomes source instances, with webhook secrets kept apart (R2.6)', async () => {
    const { sources, webhookSecrets } = await readConfiguration(FULL, 'catena.yaml', { GH_SECRET: 'hush' })
    expect(sources).toEqual([
      {
        id: 'vault-prod', kind: 'vault', scope: 'prod-1', heartbeatSeconds: 900, sharedIdentities: ['auth/approle/'],
        gaps: [{ from: Date.UTC(2026, 2, 1, 8), to: Date.UTC(2026, 2, 1, 9) }],
        federations: [
          { mount: 'auth/oidc/', issuer: { kind: 'keycloak', scope: 'tideline' }, claims: { sid: 'sid', sub: 'oidc_sub' }, client: 'vault', sessionMaxMs: 36_000_000 },
          { mount: 'auth/jwt/', issuer: { kind: 'github', scope: 'github.com' }, claims: {}, sessionMaxMs: 3_600_000 },
        ],
      },
      { id: 'gh', kind: 'github', scope: 'github.com', federations: [], sharedIdentities: [], gaps: [] },
    ]) // prettier-ignore
    expect([...webhookSecrets.keys()]).toEqual(['gh'])
    expect(await webhookSecrets.get('gh')?.read()).toEqual(['hush'])
    expect(JSON.stringify(sources)).not.toContain('hush')
  })

  it('names every mistake at once, by its path and with what to do', async () => {
    const problems = await problemsOf(`
surces: []
sources:
  - { id: a, kind: valt, scope: p }
  - { id: a, kind: vault, scope: 'p:q', heartbeat: soon, colour: red }
  - { kind: vault, scope: p, federations: [{ mount: auth/oidc, issuer: 'keycloack:x', claims: { sidd: sid }, session_max: -1 }] }
  - { id: b, kind: vault, scope: p, gaps: [{ from: yesterday, to: 2026-03-01T09:00:00Z }], webhook_secret: s3cr3t }
`)
    expect(problems).toEqual([
      `sources[0].kind must be one of ${SOURCE_KINDS.join(', ')}`,
      'sources[1].scope must be a name without blanks and colons, e.g. prod-1',
      'sources[1].heartbeat must be a duration such as 90s, 15m, 10h or 2d, or a number of seconds',
      expect.stringMatching(
        /^sources\[1\]\.colour is unknown: its object may have the members id, kind, scope, .* only$/,
      ),
      'sources[2].id must be text',
      'sources[2].federations[0].mount must be the path of an auth mount with a slash at the end, e.g. auth/oidc/',
      expect.stringMatching(/^sources\[2\]\.federations\[0\]\.issuer must be <kind>:<scope>/),
      expect.stringMatching(
        /^sources\[2\]\.federations\[0\]\.claims\.sidd is no claim that Catena reads; there are sid, sub/,
      ),
      'sources[2].federations[0].session_max must be a duration such as 90s, 15m, 10h or 2d, or a number of seconds',
      'sources[3].gaps[0].from must be a time such as 2026-03-01T08:00:00Z',
      'sources[3].webhook_secret is unknown: name the secret by webhook_secret_env or webhook_secret_file, never write it here',
      'surces is unknown: its object may have the members sources, walk, access, remediation, notifications only',
      'sources[1].id is the id of sources[0] too: every source needs its own',
    ])
    expect(problems.join()).not.toContain('s3cr3t')
  })

  it('needs another id for every source, and secrets that exist', async () => {
    expect(await problemsOf('sources: [{id: a, kind: vault, scope: p}, {id: a, kind: okta, scope: q}]')).toEqual([
      'sources[1].id is the id of sources[0] too: every source needs its own',
    ])
    expect(await problemsOf('sources: [{id: a, kind: github, scope: g, webhook_secret_env: X}, {id: b, kind: github, scope: h, webhook_secret_file: none}]')).toEqual([
      'sources[0].webhook_secret_env names the variable X, which is not set',
      'sources[1].webhook_secret_file names a file that is empty or cannot be read',
    ]) // prettier-ignore
  })

  it('that is no YAML is named by place, without quoting it', async () => {
    const problems = await problemsOf('sources: [\n  password: "hunter2\n')
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^line \d+, column \d+ is no YAML/)
    expect(problems[0]).not.toContain('hunter2')
  })

  it('is looked for beside the process, then in the data folder; one that was named must exist', async () => {
    const dataFolder = join(folder, 'data')
    mkdirSync(dataFolder)
    expect(await loadConfiguration({ configFile: undefined, dataFolder }, {}, folder)).toMatchObject({
      file: undefined,
      sources: [],
    })
    writeFileSync(join(dataFolder, 'catena.yaml'), '')
    expect(await loadConfiguration({ configFile: undefined, dataFolder }, {}, folder)).toMatchObject({
      file: join(dataFolder, 'catena.yaml'),
    })
    writeFileSync(join(folder, 'catena.yaml'), 'sources: []')
    expect(await loadConfiguration({ configFile: undefined, dataFolder }, {}, folder)).toMatchObject({
      file: join(folder, 'catena.yaml'),
    })
    await expect(loadConfiguration({ configFile: join(folder, 'none'), dataFolder }, {}, folder)).rejects.toThrow(
      /CATENA_CONFIG/,
    )
  })
})

describe('settings of the environment', () => {
  it('have defaults for everything', () => {
    expect(readSettings({}, '/srv')).toEqual({
      databaseUrl: undefined, kafka: undefined, dataFolder: '/srv/.catena', configFile: undefined, host: '127.0.0.1',
      port: 4600, logLevel: 'info', installationKeyFile: '/srv/.catena/installation.key',
    }) // prettier-ignore
  })

  it('reads Kafka with TLS and SASL', () => {
    const env = {
      KAFKA_BROKERS: 'a:9092, b:9092',
      KAFKA_SSL: 'true',
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_USERNAME: 'u',
      KAFKA_PASSWORD: 'p',
    }
    expect(readSettings(env).kafka).toEqual({
      brokers: ['a:9092', 'b:9092'], ssl: true, sasl: { mechanism: 'plain', username: 'u', password: 'p' }, sessionTimeoutMs: 30_000,
    }) // prettier-ignore
  })

  it('names every wrong variable at once and no value', () => {
    const wrong = {
      DATABASE_URL: 'mysql://root:hunter2@x',
      CATENA_PORT: '99999',
      LOG_LEVEL: 'loud',
      CATENA_PROT: '1',
      KAFKA_BROKERS: 'x',
      KAFKA_SSL: 'maybe',
    }
    expect(() => readSettings(wrong)).toThrow(ConfigurationError)
    try {
      readSettings(wrong)
    } catch (error) {
      const { problems, message } = error as ConfigurationError
      expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
        'CATENA_PROT',
        'DATABASE_URL',
        'KAFKA_BROKERS',
        'KAFKA_SSL',
        'CATENA_PORT',
        'LOG_LEVEL',
      ])
      expect(message).not.toMatch(/hunter2|loud|99999/)
    }
  })

  it('needs SASL to be complete', () => {
    expect(() => readSettings({ KAFKA_BROKERS: 'a:1', KAFKA_SASL_MECHANISM: 'plain', KAFKA_USERNAME: 'u' })).toThrow(
      /KAFKA_PASSWORD_FILE/,
    )
    expect(() => readSettings({ KAFKA_PASSWORD_FILE: '/none' })).toThrow(/cannot be read/)
  })

  it('gives the password of Kafka as its file has it at each login', () => {
    const folder = mkdtempSync(join(tmpdir(), 'catena-kafka-'))
    const file = join(folder, 'password')
    writeFileSync(file, 'old\n')
    const { kafka } = readSettings({ KAFKA_BROKERS: 'a:1', KAFKA_SASL_MECHANISM: 'plain', KAFKA_USERNAME: 'u', KAFKA_PASSWORD_FILE: file }) // prettier-ignore
    expect(kafka?.sasl?.password).toBe('old')
    writeFileSync(file, 'new')
    expect(kafka?.sasl?.password).toBe('new')
    rmSync(folder, { recursive: true })
    expect(kafka?.sasl?.password).toBe('new')
  })
})
