import { describe, expect, it } from '@jest/globals'
import type { SourceInstance } from '@catena/domain'
import type { IntakeCounts } from '@catena/ledger'
import { renderSources, sourcesJson } from './render.js'
import { reportSources, type SourcesReport } from './report.js'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const paper = { columns: 80, colour: false }

function instance(id: string, more: Partial<SourceInstance> = {}): SourceInstance {
  return { id, kind: 'vault', scope: 'prod-1', federations: [], sharedIdentities: [], gaps: [], ...more }
}

function counts(
  source: string,
  lane: string,
  stored: number,
  agoMs: number,
  more: Partial<IntakeCounts> = {},
): IntakeCounts {
  const base = { source, lane, read: stored, stored, duplicates: 0, quarantined: 0 }
  return { ...base, lastReceivedAt: NOW - agoMs, lastOccurredAt: NOW - agoMs - 1000, ...more }
}

function report(more: Partial<SourcesReport> = {}): SourcesReport {
  const instances = [instance('vault', { heartbeatSeconds: 60 }), instance('okta', { kind: 'okta', scope: 'acme' })]
  const lanes = [
    counts('vault', 'file:a', 1000, 300_000, { read: 1010, duplicates: 7, quarantined: 3 }),
    counts('vault', 'file:b', 200, 120_000),
    counts('old', 'file:c', 5, 86_400_000),
  ]
  return { sources: reportSources(instances, lanes, NOW), head: 1205, behind: 0, unclassified: [], ...more }
}

describe('the sources', () => {
  it('show what became of everything that was read (R2.7)', () => {
    expect(
      renderSources(
        report({ behind: 5, unclassified: [{ source: 'vault', type: 'server.core', facts: 12 }] }),
        NOW,
        paper,
      ),
    ).toBe(
      `source  system           read  stored  dupl.  quar.  last heard (UTC)
vault   vault/prod-1    1,210   1,200      7      3  03-01 11:58, 2 min ago: SILENT
okta    okta/acme           0       0      0      0  never
old     not configured      5       5      0      0  02-28 12:00, 1 d ago

1,215 read = 1,205 stored + 7 duplicates + 3 quarantined: holds
Read model: 5 events behind the ledger (1,205).
Of types that no connector knows yet (stored, in no chain):
  12  vault server.core
`,
    )
  })

  it('say so where records are unaccounted for', () => {
    const lanes = [counts('vault', 'file:a', 10, 0, { read: 11 })]
    const broken = { ...report(), sources: reportSources([instance('vault')], lanes, NOW) }
    expect(renderSources(broken, NOW, paper)).toContain(
      '11 read = 10 stored + 0 duplicates + 0 quarantined: BROKEN for vault',
    )
    expect(JSON.parse(sourcesJson(broken))).toMatchObject({ conserved: false })
  })

  it('keep their shape as JSON', () => {
    expect(JSON.parse(sourcesJson(report()))).toMatchObject({
      sources: [
        {
          id: 'vault', kind: 'vault', scope: 'prod-1', read: 1210, stored: 1200, duplicates: 7, quarantined: 3,
          lastReceivedAt: '2026-03-01T11:58:00.000Z', lastOccurredAt: '2026-03-01T11:57:59.000Z', silent: true,
        },
        { id: 'okta', read: 0, lastReceivedAt: null, silent: false },
        { id: 'old', kind: null, scope: null },
      ],
      conserved: true,
      readModel: { head: 1205, behind: 0 },
      unclassified: [],
    }) // prettier-ignore
  })
})
