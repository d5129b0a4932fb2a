import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MemoryFacts, walk, WALK_DEFAULTS, type Chain } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import type { Json, JsonObject, SourceInstance } from '@catena/domain'
import { deriveIntakeKeys, Framer, prepareRecord, type Framed } from '@catena/ingest'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw } from '../libs/connectors/src/fixture-cases.js'

const FIXTURES = join(process.cwd(), 'libs/connectors/src')

function read(connector: string, file: string): JsonObject {
  return JSON.parse(readFileSync(join(FIXTURES, connector, 'fixtures', file), 'utf8')) as JsonObject
}

const sourceOf = (connector: string): SourceInstance => read(connector, 'source.json') as unknown as SourceInstance
const AWS = sourceOf('aws-cloudtrail')
const GITHUB = { ...sourceOf('github'), scope: 'github.com' }
const VAULT = sourceOf('vault')
const KUBERNETES = sourceOf('kubernetes')
const SOURCES = [AWS, GITHUB, VAULT, KUBERNETES]

interface Record {
  readonly source: SourceInstance
  readonly record: JsonObject
}

/** A fixture's record, with other values at some dotted paths. */
function record(connector: string, name: string, changes: Readonly<{ [path: string]: Json }> = {}): Record {
  const source = SOURCES.find(({ kind }) => kind === connector)!
  const changed = read(connector, `${name}.raw.json`)
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.')
    const last = steps.pop()!
    const holder = steps.reduce<JsonObject>((inner, step) => inner[step] as JsonObject, changed)
    holder[last] = value
  }
  return { source, record: changed }
}

const aws = (name: string, changes: Readonly<{ [path: string]: Json }> = {}): Record =>
  record('aws-cloudtrail', name, changes)

/** The chain of the last record, which must be the same in the opposite order. */
async function chainOf(...records: readonly Record[]): Promise<Chain> {
  const [chain, turned] = await Promise.all([walkLast(records, false), walkLast(records, true)])
  expect(turned).toEqual(chain)
  return chain
}

async function walkLast(records: readonly Record[], turned: boolean): Promise<Chain> {
  const facts = new MemoryFacts()
  const activities = records.map(({ source, record }, index) =>
    interpretRaw(connectorFor(source.kind), source, JSON.stringify(record), {
      position: index + 1,
      recordId: `record-${index}`,
    }),
  )
  for (const activity of turned ? activities.toReversed() : activities) facts.add(activity)
  const index = facts.at({ position: records.length })
  const asked = index.all.filter(({ factId }) => factId === activities.at(-1)!.factId)
  const [chain] = await walk(index, asked, { ...WALK_DEFAULTS, sources: SOURCES })
  return chain!
}

function runOfGithub(): Record {
  const { source, record: body } = record('github', 'workflow-run-requested')
  const run = ((body['payload'] ?? body) as JsonObject)['workflow_run'] as JsonObject
  const repository = ((body['payload'] ?? body) as JsonObject)['repository'] as JsonObject
  Object.assign(run, {
    id: 11900453035,
    run_attempt: 1,
    created_at: '2026-11-23T04:59:09Z',
    updated_at: '2026-11-23T04:59:09Z',
    run_started_at: '2026-11-23T04:59:09Z',
  })
  Object.assign(repository, { full_name: 'tideline/payments-api' })
  return { source, record: body }
}

const ATTEMPT = 'ci-attempt:github/github.com:11900453035/1'
const read1 = aws('get-secret-value')

describe('a job that signs in to AWS with its own token', () => {
  it('R1.1 R1.7 is proven by run and attempt in the subject', async () => {
    const { path, actor, effect } = await chainOf(runOfGithub(), aws('web-identity-run'), read1)
    expect([path.state, path.through]).toEqual(['proven', ATTEMPT])
    expect(actor).toMatchObject({ state: 'proven', principal: { key: ATTEMPT, kind: 'workload' } })
    expect(effect).toMatchObject({ state: 'proven', yielded: 'the secret' })
  })

  it('R1.4 is no more than inferred where the subject names the repository alone', async () => {
    const { path, actor } = await chainOf(runOfGithub(), aws('web-identity-default-subject'), read1)
    expect([path.state, actor.state]).toEqual(['inferred', 'inferred'])
  })

  it('R1.4 R1.5 is missing where nobody declared the federation', async () => {
    const { path, actor } = await chainOf(runOfGithub(), aws('web-identity-undeclared'), read1)
    expect([path.state, path.reason, actor.state]).toEqual(['missing', 'federation not declared', 'missing'])
  })

  it('R1.4 believes no run that part of the subject could have been chosen to show', async () => {
    const { path } = await chainOf(runOfGithub(), aws('web-identity-subject-repeats-a-name'), read1)
    expect(path.state).not.toBe('proven')
  })

  it('R1.4 has a chain also where the secret was denied', async () => {
    const chain = await chainOf(runOfGithub(), aws('web-identity-run'), aws('get-secret-value-denied'))
    expect([chain.path.state, chain.effect.yielded]).toEqual(['proven', 'nothing: denied'])
  })

  it('R1.4 gives another role a session whose authority is proven and whose holder is not', async () => {
    const key = { 'userIdentity.accessKeyId': chainedKey() }
    const { path, actor } = await chainOf(
      runOfGithub(),
      aws('web-identity-run'),
      aws('assume-role-chained'),
      aws('get-secret-value', key),
    )
    expect([path.state, path.links.length, path.through]).toEqual(['proven', 3, ATTEMPT])
    expect(actor).toMatchObject({ reason: 'bearer handed over', authority: { key: ATTEMPT } })
  })
})

describe('a session of a role', () => {
  it('R1.9 assumed across accounts is one fact of two records, and they agree', async () => {
    const { path, fact, findings } = await chainOf(
      aws('assume-role-cross-account-caller'),
      aws('assume-role-cross-account-owner'),
    )
    expect([fact.positions, fact.conflicts, findings]).toEqual([[1, 2], [], []])
    expect(path.state).toBe('missing')
  })

  it('R1.4 assumed across accounts came from somebody of the other, whose log is not there', async () => {
    const { path } = await chainOf(aws('assume-role-cross-account-owner'))
    expect([path.state, path.reason]).toEqual(['missing', 'not recorded by that source'])
  })

  it('R1.4 is none behind a call that nobody signed', async () => {
    const anonymous = { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' }
    const { path } = await chainOf(aws('other-service', { userIdentity: anonymous }))
    expect([path.state, path.reason]).toEqual(['missing', 'nobody authenticated'])
  })

  it('R1.4 of the console was established by no record', async () => {
    const { path } = await chainOf(aws('console-login'), aws('get-secret-value-console'))
    expect([path.state, path.reason]).toEqual(['missing', 'not recorded by that source'])
  })
})

describe('a key that lasts', () => {
  it('R1.4 R1.6 ends the walk at whose it is; who had it made stands beside', async () => {
    const chain = await chainOf(aws('create-access-key'), aws('get-secret-value-static-key'))
    expect([chain.path.state, chain.path.links.map(({ by }) => by)]).toEqual(['proven', ['origin']])
    expect(chain.actor).toMatchObject({
      reason: 'shared identity',
      shared: 'arn:aws:iam::111122223333:user/reporting',
    })
    expect(chain.identity).toMatchObject({ displayName: 'arn:aws:iam::111122223333:user/reporting' })
    expect(chain.sideways).toMatchObject([{ role: 'giver', name: 'arn:aws:iam::111122223333:user/nora' }])
  })

  it('R1.6 of the account’s root names nobody', async () => {
    const { path, actor } = await chainOf(aws('get-secret-value-root'))
    expect([path.state, actor]).toMatchObject(['proven', { reason: 'shared identity', shared: 'root' }])
  })
})

describe('a key that a vault had made', () => {
  const lease = record('vault', 'aws-sts-clear-access-key')
  const login = record('vault', 'login-jwt-run')
  const use = aws('get-secret-value', { 'userIdentity.accessKeyId': vaultKey() })

  it('R1.1 leads from its use through the lease to the run that asked for it', async () => {
    const { path, actor } = await chainOf(runOfGithub(), login, lease, use)
    expect([path.state, path.through]).toEqual(['proven', ATTEMPT])
    expect(actor).toMatchObject({ reason: 'bearer handed over', authority: { key: ATTEMPT } })
  })

  it('R1.4 leads the same way where AWS tells that it made the key for the vault', async () => {
    const made = aws('assume-role-by-user', { 'responseElements.credentials.accessKeyId': vaultKey() })
    const { path, sideways } = await chainOf(runOfGithub(), login, lease, made, use)
    expect([path.state, path.through]).toEqual(['proven', ATTEMPT])
    expect(sideways.map(({ role }) => role)).toContain('giver')
  })

  it('R1.5 leads nowhere where the vault hashes the id of the key', async () => {
    const { path } = await chainOf(runOfGithub(), login, record('vault', 'aws-sts'), use)
    expect(path.state).toBe('missing')
  })
})

describe('an event by whichever way', () => {
  const keys = deriveIntakeKeys(Buffer.alloc(32, 7))
  const intake = { source: AWS, connector: connectorFor('aws-cloudtrail'), keys }
  const events = ['web-identity-run', 'get-secret-value', 'rotate-secret'].map((name) => aws(name).record)

  function stored(text: string): unknown[] {
    const framer = new Framer()
    const framed: Framed[] = [...framer.push(Buffer.from(text)), ...framer.end('final')]
    return framed.map((one) => prepareRecord(one, { door: 'file', file: 'x', from: 0, to: 1 }, 0, intake))
  }

  function envelope(detail: JsonObject): string {
    const about = {
      version: '0',
      id: 'e1',
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.sts',
      account: '111122223333',
    }
    return JSON.stringify({ ...about, time: '2026-11-23T05:00:00Z', region: 'eu-central-1', resources: [], detail })
  }

  it('R1.9 is the same record: in a file of the trail, in lines, in an envelope of EventBridge', () => {
    const lines = stored(events.map((event) => JSON.stringify(event)).join('\n'))
    expect(lines).toHaveLength(3)
    expect(lines.every((one) => Object.hasOwn(one as object, 'record'))).toBe(true)
    expect(stored(JSON.stringify({ Records: events }))).toEqual(lines)
    expect(events.flatMap((event) => stored(envelope(event)))).toEqual(lines)
  })
})

function chainedKey(): string {
  const { responseElements } = read('aws-cloudtrail', 'assume-role-chained.raw.json')
  return ((responseElements as JsonObject)['credentials'] as JsonObject)['accessKeyId'] as string
}

function vaultKey(): string {
  const { response } = read('vault', 'aws-sts-clear-access-key.raw.json')
  return ((response as JsonObject)['data'] as JsonObject)['access_key'] as string
}

describe('a secret of a cluster of EKS, read with the session of a role', () => {
  it('R1.1 R1.7 leads on to the login that the role was taken on by, proven, and is missing without it', async () => {
    const read = record('kubernetes', 'secret-read-at-eks')
    const { path } = await chainOf(aws('web-identity-run'), read)
    expect([path.links[0]?.state, path.links.map(({ by }) => by)[0]]).toEqual(['proven', 'login'])
    expect((await chainOf(read)).path.state).toBe('missing')
  })
})
