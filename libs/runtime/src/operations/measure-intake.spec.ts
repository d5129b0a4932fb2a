import { Metrics } from '@catena/platform'
import { describe, expect, it } from '@jest/globals'
import { measureIntake } from './measure-intake.js'

const tally = (source: string) => ({ source, read: 6, stored: 3, duplicates: 2, quarantined: 1, lastOccurredAt: 0 })

describe('appends', () => {
  it('are counted by source and outcome; names that nobody configured share one label', async () => {
    const metrics = new Metrics()
    const appended = measureIntake(metrics, [{ id: 'vault' }])
    appended([tally('vault')], 0.03)
    appended([tally('vault'), ...Array.from({ length: 50 }, (_, n) => tally(`invented-${n}`))], 0.3)
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('catena_ingest'))
    expect(lines.filter((line) => line.startsWith('catena_ingest_records_total'))).toEqual([
      'catena_ingest_records_total{source="vault",outcome="stored"} 6',
      'catena_ingest_records_total{source="vault",outcome="duplicate"} 4',
      'catena_ingest_records_total{source="vault",outcome="quarantined"} 2',
      'catena_ingest_records_total{source="(other)",outcome="stored"} 150',
      'catena_ingest_records_total{source="(other)",outcome="duplicate"} 100',
      'catena_ingest_records_total{source="(other)",outcome="quarantined"} 50',
    ])
    expect(lines).toEqual(
      expect.arrayContaining([
        'catena_ingest_batch_seconds_bucket{le="0.05"} 1',
        'catena_ingest_batch_seconds_bucket{le="0.5"} 2',
        'catena_ingest_batch_seconds_count 2',
      ]),
    )
  })
})
