import { describe, expect, it } from '@jest/globals'
import { renderProgress, type Progress } from './progress.js'
import { EMPTY_TALLY } from '@catena/ingest'

const paper = { columns: 80, colour: false }
const half: Progress = {
  title: '2/3 audit.log',
  tally: { ...EMPTY_TALLY, read: 12_345 },
  startedAtByte: 0,
  atByte: 500,
  sizeBytes: 1000,
  elapsedMs: 3_000,
  follows: false,
}

describe('progress', () => {
  it('shows share, records, rate and what is left', () => {
    expect(renderProgress(half, paper)).toBe('2/3 audit.log  ████████░░░░░░░░  50 %  12,345 records  4,115/s  3 s left')
  })

  it('shows bytes where the size is not known', () => {
    expect(renderProgress({ ...half, sizeBytes: undefined }, paper)).toBe(
      '2/3 audit.log  500 B  12,345 records  4,115/s',
    )
  })

  it('says how to end what never ends', () => {
    expect(renderProgress({ ...half, follows: true }, paper)).toContain(
      'following  12,345 records  4,115/s  Ctrl-C ends',
    )
  })

  it('stays on one line', () => {
    expect(renderProgress({ ...half, title: 'x'.repeat(300) }, { columns: 60, colour: false }).length).toBeLessThan(60)
  })
})
