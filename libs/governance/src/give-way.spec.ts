import { describe, expect, it } from '@jest/globals'
import { giveWay } from './give-way.js'

const STEP_MS = 40
const never = new AbortController().signal

describe('work that gives way', () => {
  it('R8.1 rests while whoever goes first is behind, and no longer', async () => {
    const answers = [true, true, false]
    let asked = 0
    await giveWay(60_000, () => Promise.resolve(answers[asked++] ?? false), never)
    expect(asked).toBe(3)
  })

  it('R8.1 is never shut out: it rests for a few times of what its step took, whatever is behind', async () => {
    const begun = performance.now()
    await giveWay(STEP_MS, () => Promise.resolve(true), never)
    expect(performance.now() - begun).toBeGreaterThanOrEqual(STEP_MS)
    let looks = 0
    await giveWay(0, () => Promise.resolve(++looks > 0), never)
    expect(looks).toBe(0)
  })

  it('R8.1 does not rest on when it is stopped', async () => {
    const stopping = new AbortController()
    let looks = 0
    const behind = (): Promise<boolean> => {
      if (++looks === 2) stopping.abort()
      return Promise.resolve(true)
    }
    await giveWay(60_000, behind, stopping.signal)
    expect(looks).toBe(2)
  })
})
