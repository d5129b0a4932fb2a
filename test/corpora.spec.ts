import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { connectorFor } from '@catena/connectors'
import {
  SOURCE_KINDS,
  UnreadableRecord,
  type Activity,
  type Connector,
  type Identified,
  type JsonObject,
  type SourceInstance,
  type SourceKind,
} from '@catena/domain'

/** Real records of other organisations. They are read where they lie and never become part of the project. */
const CORPORA = resolve(process.env.CATENA_CORPORA ?? '../shared/corpora')

interface RealRecord {
  readonly name: string
  readonly text: string
}

interface Passed {
  readonly name: string
  readonly identified: Identified
  readonly stored: JsonObject
  readonly activity: Activity
  /** As the stored record would be identified. */
  readonly identifiedAgain: Identified
}

const mask = (value: string): string => `masked:${createHash('sha256').update(value).digest('hex').slice(0, 12)}`

function sourceOf(kind: SourceKind): SourceInstance {
  return { id: kind, kind, scope: 'corpus', federations: [], sharedIdentities: [], gaps: [] }
}

function pass(connector: Connector, { name, text }: RealRecord, position: number): Passed | undefined {
  try {
    const record = connector.parse(text)
    const identified = connector.identify(record)
    const source = sourceOf(connector.kind)
    const stored = connector.redact(record, mask, source)
    const { stream, type, occurredAt = 0 } = identified
    const row = {
      position,
      source: source.id,
      stream,
      type,
      occurredAt,
      recordedAt: 0,
      recordId: name,
      payload: stored,
    }
    const activity = connector.interpret(row, source)
    return { name, identified, stored, activity, identifiedAgain: connector.identify(stored) }
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined
    throw new Error(`${name}: ${String(error)}`, { cause: error })
  }
}

function passAll(kind: SourceKind, records: readonly RealRecord[]): Passed[] {
  const connector = connectorFor(kind)
  return records.map((record, index) => pass(connector, record, index + 1)).filter((passed) => passed !== undefined)
}

function linesOf(file: string): RealRecord[] {
  const path = join(CORPORA, file)
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.map((text, index) => ({ name: `${file}:${index + 1}`, text })).filter(({ text }) => text.trim() !== '')
}

function filesOf(folder: string): RealRecord[] {
  const path = join(CORPORA, folder)
  if (!existsSync(path)) return []
  const files = readdirSync(path).filter((file) => file.endsWith('.json'))
  return files.map((name) => ({ name, text: readFileSync(join(path, name), 'utf8') }))
}

/** Prints what a corpus holds that the connector does not know: the list to read when a connector grows. */
function reportUnclassified(corpus: string, passed: readonly Passed[]): void {
  const types = passed.filter(({ activity }) => activity.kind === 'unclassified').map(({ activity }) => activity.type)
  console.info(
    `${corpus}: ${passed.length} read, ${types.length} unclassified: ${[...new Set(types)].sort().join(', ')}`,
  )
}

function describeCorpus(name: string, records: readonly RealRecord[], tests: () => void): void {
  if (records.length > 0) describe(name, tests)
  else {
    console.warn(`SKIPPED: no corpus ${name} under ${CORPORA} (set CATENA_CORPORA)`)
    describe.skip(name, tests)
  }
}

const EMAIL = /[\w.+-]+@[\w-]+\.[a-z]{2,}/i

/** Files are named `<event>__<action>.payload.json`. */
const eventOf = (name: string): string => name.split('__')[0] ?? ''

const deliveries = filesOf('octokit-webhooks')
describeCorpus('octokit-webhooks', deliveries, () => {
  const passed = passAll('github', deliveries)

  it('passes whole', () => {
    reportUnclassified('octokit-webhooks', passed)
    expect(passed).toHaveLength(deliveries.length)
    expect(new Set(passed.map(({ identified }) => identified.stream))).toEqual(new Set(['webhooks']))
  })

  it('R1.7 shows every run and job', () => {
    for (const [event, kind] of [
      ['workflow_run', 'run-observed'],
      ['workflow_job', 'job-observed'],
    ] as const) {
      const kinds = passed.filter(({ name }) => name.startsWith(`${event}__`)).map(({ activity }) => activity.kind)
      expect(kinds.length).toBeGreaterThan(0)
      expect(new Set(kinds)).toEqual(new Set([kind]))
    }
  })

  it('tells the event of each payload without its header, except for those that it does not know', () => {
    const wrong = passed.filter(({ name, identified }) => name.split('__')[0] !== identified.type.split('.')[0])
    expect([...new Set(wrong.map(({ name }) => name.split('__')[0]))]).toEqual(['security_advisory'])
    expect(wrong.every(({ identified }) => !identified.known)).toBe(true)
  })

  it('R1.9 is of the event that its header names, and of no other', () => {
    const events = [...new Set(deliveries.map(({ name }) => eventOf(name)))]
    const delivered = ({ name, text }: RealRecord, event: string) =>
      pass(connectorFor('github'), { name, text: `{"headers":{"X-GitHub-Event":"${event}"},"payload":${text}}` }, 1)
    const fitting = deliveries.flatMap((one) =>
      events.filter((event) => delivered(one, event) !== undefined).map((event) => `${eventOf(one.name)} as ${event}`),
    )
    const expected = deliveries.map(({ name }) => `${eventOf(name)} as ${eventOf(name)}`)
    expect(fitting).toEqual(expected)
  })

  it('keeps its type when it is redacted', () => {
    for (const { identified, identifiedAgain } of passed) expect(identifiedAgain).toEqual(identified)
  })

  it('R2.6 leaves no e-mail address and no public key in what is stored', () => {
    const leaking = passed.filter(
      ({ stored }) => EMAIL.test(JSON.stringify(stored)) || JSON.stringify(stored).includes('ssh-rsa'),
    )
    expect(leaking.map(({ name }) => name)).toEqual([])
  })
})

const entries = linesOf('panther/github-audit.ndjson')
describeCorpus('panther/github-audit', entries, () => {
  const passed = passAll('github', entries)

  it('passes whole, both streams', () => {
    reportUnclassified('panther/github-audit', passed)
    expect(passed).toHaveLength(entries.length)
    expect(new Set(passed.map(({ identified }) => identified.stream))).toEqual(new Set(['audit', 'webhooks']))
  })

  it('classifies more than it leaves', () => {
    const known = passed.filter(({ activity }) => activity.kind !== 'unclassified')
    expect(known.length).toBeGreaterThan(passed.length / 2)
    expect(known.map(({ activity }) => activity.kind)).toEqual(
      expect.arrayContaining([
        'run-observed',
        'job-observed',
        'membership-changed',
        'credential-changed',
        'policy-changed',
      ]),
    )
  })

  it('keeps its type when it is redacted', () => {
    for (const { identified, identifiedAgain } of passed) expect(identifiedAgain).toEqual(identified)
  })

  it('R2.6 leaves no e-mail address and no comment in what is stored', () => {
    const leaking = passed.filter(
      ({ stored }) => EMAIL.test(JSON.stringify(stored)) || JSON.stringify(stored).includes('evil.com'),
    )
    expect(leaking.map(({ name }) => name)).toEqual([])
  })
})

const logins = linesOf('panther/okta-system-log.ndjson')
describeCorpus('panther/okta-system-log', logins, () => {
  const passed = passAll('okta', logins)

  it('passes whole', () => {
    reportUnclassified('panther/okta-system-log', passed)
    expect(passed).toHaveLength(logins.length)
  })

  it('classifies some of it', () => {
    expect(passed.filter(({ activity }) => activity.kind !== 'unclassified').length).toBeGreaterThan(0)
  })
})

/** Files that hold a list of events each. */
function eventsOf(folder: string): RealRecord[] {
  const path = join(CORPORA, folder)
  if (!existsSync(path)) return []
  const files = readdirSync(path).filter((file) => file.endsWith('.json'))
  return files.flatMap((file) => {
    const events = JSON.parse(readFileSync(join(path, file), 'utf8')) as JsonObject[]
    return events.map((event, index) => ({ name: `${file}:${index + 1}`, text: JSON.stringify(event) }))
  })
}

const SESSION_TOKEN = /IQoJ|FwoG|FQoG/
const ACCESS_KEY_ID = /A[KS]IA[A-Z0-9]{16}/

const detonations = eventsOf('stratus-red-team')
describeCorpus('stratus-red-team', detonations, () => {
  const passed = passAll('aws-cloudtrail', detonations)
  const named = (type: string): Passed[] => passed.filter(({ identified }) => identified.type === type)

  it('passes whole, and every name is known', () => {
    reportUnclassified('stratus-red-team', passed)
    expect(passed).toHaveLength(detonations.length)
    expect(passed.filter(({ identified }) => !identified.known).map(({ identified }) => identified.type)).toEqual([])
  })

  it('R1.2 shows each secret that was read, by its name', () => {
    const reads = named('secretsmanager:GetSecretValue')
    expect(reads.length).toBeGreaterThan(10)
    for (const { activity } of reads) {
      expect(activity).toMatchObject({ kind: 'secret-read', outcome: 'succeeded' })
      expect(activity.target?.path).toMatch(/^stratus-red-team-retrieve-secret-\d+$/)
    }
  })

  it('R1.4 joins the use of a role to its assumption by the key that was issued', () => {
    const issued = new Set(passed.flatMap(({ activity }) => keysIn(activity, 'issued')))
    const used = new Set(passed.flatMap(({ activity }) => keysIn(activity, 'caller')))
    expect([...issued].filter((key) => used.has(key)).length).toBeGreaterThan(0)
  })

  it('R2.6 keeps no session token, and the id of no access key in clear', () => {
    const leaking = passed.filter(({ stored }) => {
      const text = JSON.stringify(stored)
      return SESSION_TOKEN.test(text) || ACCESS_KEY_ID.test(text)
    })
    expect(detonations.some(({ text }) => SESSION_TOKEN.test(text) && ACCESS_KEY_ID.test(text))).toBe(true)
    expect(leaking.map(({ name }) => name)).toEqual([])
  })

  it('keeps its type when it is redacted', () => {
    for (const { identified, identifiedAgain } of passed) expect(identifiedAgain).toEqual(identified)
  })
})

function keysIn(activity: Activity, role: string): string[] {
  return activity.groups.filter((group) => group.role === role).flatMap(({ forms }) => forms.map(({ key }) => key))
}

for (const file of ['panther/aws-cloudtrail.ndjson', 'otrf-aws/ec2_proxy_s3_exfiltration_2020-09-14011940.json']) {
  const events = linesOf(file)
  describeCorpus(file, events, () => {
    const passed = passAll('aws-cloudtrail', events)

    it('passes whole', () => {
      reportUnclassified(file, passed)
      expect(passed).toHaveLength(events.length)
      expect(passed.filter(({ activity }) => activity.kind !== 'unclassified').length).toBeGreaterThan(
        passed.length / 2,
      )
    })

    it('R2.6 keeps no session token, and the id of no access key in clear', () => {
      const texts = passed.map(({ stored }) => JSON.stringify(stored))
      expect(texts.filter((text) => SESSION_TOKEN.test(text) || ACCESS_KEY_ID.test(text))).toEqual([])
    })

    it('keeps its type when it is redacted', () => {
      for (const { identified, identifiedAgain } of passed) expect(identifiedAgain).toEqual(identified)
    })
  })
}

/** Types of a connector that bear on identity, secrets and CI, from its vendor's documentation, and where real ones lie. */
interface CommittedKinds {
  readonly corpora: readonly string[]
  /** Patterns of types. */
  readonly kinds: readonly string[]
}

const CONNECTORS = join(process.cwd(), 'libs/connectors/src')
const CLASSIFIED_SHARE_MIN = 0.95

function committedKinds(kind: SourceKind): CommittedKinds {
  return JSON.parse(readFileSync(join(CONNECTORS, kind, 'kinds.json'), 'utf8')) as CommittedKinds
}

/** One file of lines, or a folder of files: each holds a record, a list of them, or lines. */
function realRecords(corpus: string): RealRecord[] {
  const path = join(CORPORA, corpus)
  if (!existsSync(path)) return []
  if (corpus.endsWith('.ndjson')) return linesOf(corpus)
  const files = readdirSync(path).filter((file) => file.endsWith('.json'))
  return files.flatMap((file) => recordsIn(file, readFileSync(join(path, file), 'utf8')))
}

function recordsIn(file: string, text: string): RealRecord[] {
  try {
    const content = JSON.parse(text) as JsonObject | JsonObject[]
    const records = Array.isArray(content) ? content : [content]
    return records.map((record, index) => ({ name: `${file}:${index + 1}`, text: JSON.stringify(record) }))
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    return lines.map((line, index) => ({ name: `${file}:${index + 1}`, text: line }))
  }
}

for (const kind of SOURCE_KINDS) {
  const committed = committedKinds(kind)
  const patterns = committed.kinds.map((pattern) => new RegExp(pattern))
  for (const corpus of committed.corpora) {
    const records = realRecords(corpus)
    describeCorpus(`${corpus} (${kind})`, records, () => {
      const passed = passAll(kind, records)
      const listed = passed.filter(({ identified }) => patterns.some((pattern) => pattern.test(identified.type)))
      const left = listed.filter(({ activity }) => activity.kind === 'unclassified')

      it('quarantines nothing', () => {
        expect(passed).toHaveLength(records.length)
      })

      it('classifies at least 95 of 100 records of the kinds that its connector commits to', () => {
        const names = [...new Set(left.map(({ identified }) => identified.type))].sort()
        const share = listed.length === 0 ? 1 : (listed.length - left.length) / listed.length
        console.info(
          `${corpus}: ${records.length} read, ${listed.length} of the committed kinds, ${listed.length - left.length} of them classified (${(share * 100).toFixed(1)} %), ${records.length - passed.length} quarantined${names.length === 0 ? '' : `; left: ${names.join(', ')}`}`,
        )
        expect(share).toBeGreaterThanOrEqual(CLASSIFIED_SHARE_MIN)
      })

      it('keeps its type when it is redacted', () => {
        for (const { identified, identifiedAgain } of passed) expect(identifiedAgain).toEqual(identified)
      })
    })
  }
}

// Of several vendors' logs, mostly excerpts: those that are whole events of the audit log are read, the others are stored masked.
const requests = linesOf('panther/kubernetes-audit.ndjson')
describeCorpus('panther/kubernetes-audit', requests, () => {
  const passed = passAll('kubernetes', requests)

  it('passes whole, and every event of the audit log is known', () => {
    reportUnclassified('panther/kubernetes-audit', passed)
    expect(passed).toHaveLength(requests.length)
    const events = requests.filter(({ text }) => /"audit\.k8s\.io\/v1"/.test(text) && /"user"/.test(text))
    expect(passed.filter(({ activity }) => activity.kind !== 'unclassified')).toHaveLength(events.length)
  })

  it('keeps its type when it is redacted', () => {
    for (const { identified, identifiedAgain } of passed) expect(identifiedAgain).toEqual(identified)
  })
})
