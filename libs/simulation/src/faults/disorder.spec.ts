import { describe, expect, it } from '@jest/globals'
import { MemoryOutput } from '../output/memory.js'
import { Disorder } from './disorder.js'

const LINES = Array.from({ length: 9_000 }, (_, index) => `line ${index}`)

function disturbed(faults: { shuffle?: boolean; duplicate?: boolean; delay?: boolean }, seed = 1): readonly string[] {
  const out = new MemoryOutput()
  const all = { shuffle: false, duplicate: false, delay: false, ...faults }
  const disorder = new Disorder(out, all, seed, new Set(['truth']))
  for (const line of LINES) {
    disorder.write('log', line)
    disorder.write('truth', line)
  }
  disorder.end()
  expect(out.of('truth')).toEqual(LINES)
  return out.of('log')
}

describe('disorder', () => {
  it('leaves lines as they are unless asked for', () => {
    expect(disturbed({})).toEqual(LINES)
  })

  it.each([{ shuffle: true }, { delay: true }, { shuffle: true, delay: true }])(
    'loses and adds nothing by %j',
    (faults) => {
      const lines = disturbed(faults)
      expect(lines).not.toEqual(LINES)
      expect([...lines].sort()).toEqual([...LINES].sort())
    },
  )

  it('writes some lines twice', () => {
    const lines = disturbed({ duplicate: true, shuffle: true, delay: true })
    expect(new Set(lines)).toEqual(new Set(LINES))
    expect(lines.length / LINES.length).toBeCloseTo(1.03, 1.9)
  })

  it('is the same for one seed and another for another', () => {
    expect(disturbed({ shuffle: true })).toEqual(disturbed({ shuffle: true }))
    expect(disturbed({ shuffle: true }, 2)).not.toEqual(disturbed({ shuffle: true }))
  })
})
