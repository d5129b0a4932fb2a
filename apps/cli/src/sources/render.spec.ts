import { describe, expect, it } from '@jest/globals'
import type { SourceInstance } from '@catena/domain'
import type { Conservation, IntakeCounts, LaneAccount } from '@catena/ledger'
import { sourcesJson } from './json.js'
import { renderSources } from './render.js'
import { reportSources, troublesOf, type SourcesReport } from './report.js'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const MINUTE_MS = 60_000
const paper = { columns: 80, colour: false }
const PARTITION = 'kafka:c1/catena.vault/0'

function instance(id: string, more: Partial<SourceInstance> = {}): SourceInstance {
  return { id, kind: 'vault', scope: 'prod-1', federations: [], sharedIdentities: [], gaps: [], ...more }
}

function counts(source: string, lane: string, stored: number, agoMs: number, more: Partial<IntakeCounts> = {}) {
  const base = { source, lane, read: stored, stored, duplicates: 0, quarantined: 0 }
  return { ...base, lastReceivedAt: NOW - agoMs, lastOccurredAt: NOW - agoMs - 1000, ...more }
}

function account(lane: string, more: Partial<LaneAccount> = {}): LaneAccount {
  return {
    lane, read: 0, stored: 0, duplicates: 0, quarantined: 0, holes: 0, offsets: undefined,
    missingRecords: 0, missingOffsets: undefined, ...more,
  } // prettier-ignore
}

const INSTANCES = [
  instance('vault', { heartbeatSeconds: 60 }),
  instance('idp', { kind: 'keycloak', scope: 'acme', heartbeatSeconds: 3600 }),
  instance('okta', { kind: 'okta', scope: 'acme', heartbeatSeconds: 60 }),
  instance('ci', { kind: 'github', scope: 'github.com' }),
]
const COUNTS = [
  counts('vault', PARTITION, 1000, 5 * MINUTE_MS, { read: 1010, duplicates: 7, quarantined: 3 }),
  counts('idp', 'file:b', 200, 2 * MINUTE_MS),
  counts('ci', 'direct', 8, MINUTE_MS),
  counts('old', 'file:c', 5, 365 * 24 * 60 * MINUTE_MS),
]
const CONSERVATION: Conservation = {
  lanes: [
    account('direct', { read: 8, stored: 8 }),
    account('file:b', { read: 200, stored: 200, holes: 4 }),
    account('file:c', { read: 5, stored: 5 }),
    account(PARTITION, { read: 1010, stored: 1000, duplicates: 7, quarantined: 3, holes: 2, offsets: 1012, missingOffsets: 0 }),
  ],
  head: 1213,
  missingEvents: 0,
  holds: true,
} // prettier-ignore

function report(more: Partial<SourcesReport> = {}): SourcesReport {
  const delays = [{ source: 'vault', records: 1000, medianMs: 1_400, greatestMs: 300_000 }]
  const sources = reportSources(INSTANCES, COUNTS, delays, NOW)
  return {
    sources,
    conservation: CONSERVATION,
    kafka: undefined,
    behind: 0,
    unclassified: [],
    notInterpreted: [],
    ...more,
  }
}

function broken(...lanes: LaneAccount[]): Conservation {
  return { ...CONSERVATION, lanes, holds: false }
}

const ODD = [{ source: 'vault', type: 'read', failure: 'TypeError', facts: 3 }]

describe('the sources', () => {
  it('R1.9 show what their connectors failed on', () => {
    expect(renderSources(report({ notInterpreted: ODD }), NOW, paper)).toMatch(
      /Could not be interpreted [^]*: *\n {2}3 {2}vault read \(TypeError\)\n$/,
    )
  })

  it('R2.7 show which are alive, how late they are, and what became of everything that was read', () => {
    const unclassified = [{ source: 'vault', type: 'server.core', facts: 12 }]
    expect(renderSources(report({ behind: 5, unclassified }), NOW, paper)).toBe(
      `source  status          last record       received          delay: median, most
vault   SILENT 5 min    03-01 11:54       03-01 11:55       1 s, 5 min
idp     healthy         03-01 11:57       03-01 11:58       -
okta    never heard     -                 -                 -
ci      unknown         03-01 11:58       03-01 11:59       -
old     not configured  2025-03-01 11:59  2025-03-01 12:00  -

source  system              read  stored  dupl.  quar.
vault   vault/prod-1       1,010   1,000      7      3
idp     keycloak/acme        200     200      0      0
okta    okta/acme              0       0      0      0
ci      github/github.com      8       8      0      0
old     -                      5       5      0      0

Unknown: no heartbeat is declared for ci, so silence cannot be told.
✓ 1,223 read = 1,213 stored + 7 duplicates + 3 quarantined, in 1 partition and 2
files
✓ 1,213 events in the ledger = records stored + decisions
Read model: 5 events behind the ledger (1,213).
Of types that no connector knows yet (stored, in no chain):
  12  vault server.core
`,
    )
  })

  it('R2.7 name the exact difference where something is unaccounted for', () => {
    const lanes = [
      account(PARTITION, { read: 10, stored: 9, offsets: 14, missingRecords: 1, missingOffsets: 4 }),
      account('file:b', { read: 10, stored: 12, missingRecords: -2 }),
    ]
    const text = renderSources(report({ conservation: { ...broken(...lanes), missingEvents: -3 } }), NOW, paper)
    expect(text).toContain('✗ 20 read = 21 stored + 0 duplicates + 0 quarantined: BROKEN')
    expect(text).toContain(
      `    ${PARTITION}: 1 record read and not accounted for, 4 offsets\nconsumed and not accounted for`,
    )
    expect(text).toContain('    file:b: 2 records accounted for and not read')
    expect(text).toContain('✗ 1,213 events in the ledger: 3 events fewer than records stored + decisions')
  })

  it('R2.7 say what waits in Kafka, and that it is unknown where no broker answers', () => {
    const lag = (partition: number, messages: number) => ({
      lane: `kafka:c1/catena.vault/${partition}`,
      topic: 'catena.vault',
      partition,
      messages,
    })
    const shown = (kafka: SourcesReport['kafka']): string => renderSources(report({ kafka }), NOW, paper)
    expect(shown([lag(0, 1200), lag(1, 0), lag(2, 3)])).toContain(
      'Kafka: 1,203 messages not read yet: catena.vault/0 1,200, catena.vault/2 3',
    )
    expect(shown([lag(0, 0)])).toContain('Kafka: nothing waits.')
    expect(shown('unknown')).toContain('Kafka: no broker answers, so what waits there is unknown.')
    expect(shown(undefined)).not.toContain('Kafka')
    expect(renderSources(report({ kafka: [lag(0, 1200)] }), NOW, paper, { lanes: true })).toContain(
      `lane                      read  stored  dupl.  quar.  holes  waiting  law
direct                       8       8      0      0      0           ✓
file:b                     200     200      0      0      4           ✓
file:c                       5       5      0      0      0           ✓
kafka:c1/catena.vault/0  1,010   1,000      7      3      2    1,200  ✓
`,
    )
  })

  it('R2.7 are a matter for somebody where a declared heartbeat is not kept or records are missing', () => {
    expect(troublesOf(report())).toEqual(['vault is silent', 'okta was never heard'])
    const well = report().sources.filter(({ id }) => id === 'idp' || id === 'ci')
    expect(troublesOf(report({ sources: well }))).toEqual([])
    expect(troublesOf(report({ sources: well, notInterpreted: ODD }))).toEqual([
      '3 of vault read could not be interpreted',
    ])
    const conservation = broken(account('file:b', { missingRecords: 1 }))
    expect(troublesOf(report({ sources: well, conservation }))).toEqual([
      'not everything that was read is accounted for',
    ])
  })

  it('keep their shape as JSON', () => {
    const kafka = [{ lane: PARTITION, topic: 'catena.vault', partition: 0, messages: 9 }]
    expect(JSON.parse(sourcesJson(report({ kafka })))).toMatchObject({
      sources: [
        {
          id: 'vault', kind: 'vault', scope: 'prod-1', read: 1010, stored: 1000, duplicates: 7, quarantined: 3,
          status: 'silent', heardAt: '2026-03-01T11:54:59.000Z', lastReceivedAt: '2026-03-01T11:55:00.000Z',
          lastOccurredAt: '2026-03-01T11:54:59.000Z', heartbeatSeconds: 60,
          delay: { records: 1000, medianMs: 1400, greatestMs: 300_000 },
        },
        { id: 'idp', status: 'healthy', delay: null },
        { id: 'okta', status: 'never-heard', lastReceivedAt: null },
        { id: 'ci', status: 'unknown', heartbeatSeconds: null },
        { id: 'old', kind: null, scope: null },
      ],
      conserved: true,
      missingEvents: 0,
      lanes: [{ lane: 'direct', waiting: null }, {}, {}, { lane: PARTITION, offsets: 1012, missingOffsets: 0, waiting: 9 }],
      readModel: { head: 1213, behind: 0 },
      unclassified: [],
      notInterpreted: [],
    }) // prettier-ignore
  })
})
