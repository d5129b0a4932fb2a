import { describe, expect, it } from '@jest/globals'
import { DAY_MS } from '../history/questions.js'
import { days, history, NOW, written } from '../testing/histories.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { backtest, LOOKS_MAX, type Backtest, type Trial } from './backtest.js'
import { rotationAge } from './rotation-age.js'

/** First seen 100 days ago, rotated 95 and 10 days ago. */
function rotatedTwice(at: number): Promise<CredentialHistory | undefined> {
  if (at < days(100)) return Promise.resolve(undefined)
  const changes = [written(95, { positions: [3] }), written(10, { positions: [9] })].filter((one) => one.at <= at)
  return Promise.resolve(history({ at, firstSeenAt: days(100), changes }))
}

function tried(more: Partial<Trial> = {}, historyAt = rotatedTwice): Promise<Backtest> {
  const trial = { control: rotationAge, values: {}, from: days(120), to: NOW, stepMs: DAY_MS, ...more }
  return backtest(trial, historyAt)
}

describe('a back-test', () => {
  it('R5.9 tells when a changed control would have fired, with its witnesses, and that the one in force would not', async () => {
    expect((await tried()).firings).toEqual([])
    const { firings } = await tried({ values: { rotationDays: 60 } })
    expect(firings).toMatchObject([{ since: days(35) + 1, until: days(10), witnesses: [3] }])
    expect(firings[0]?.reason).toMatch(/not rotated/)
  })

  it('R5.9 finds the same moments however far apart its steps are, where verdicts say how long they stand', async () => {
    const [fine, coarse] = await Promise.all(
      [DAY_MS, 40 * DAY_MS].map((stepMs) => tried({ stepMs, values: { rotationDays: 60 } })),
    )
    expect(coarse?.firings.map(({ since, until }) => [since, until])).toEqual(
      fine?.firings.map(({ since, until }) => [since, until]),
    )
  })

  it('R5.9 leaves a failure open that the period ends in, and does not say since when one failed that it began in', async () => {
    const { firings } = await tried({ from: days(30), to: days(20), values: { rotationDays: 60 } })
    expect(firings).toHaveLength(1)
    expect([firings[0]?.until, firings[0]?.passedAt]).toEqual([undefined, undefined])
  })

  it('R5.9 R5.1 counts what is not known as neither failure nor pass, and ends no failure by it', async () => {
    const { firings, looks } = await tried({ to: days(110) })
    expect([firings, looks.controlled, looks['not applicable']]).toEqual([[], 0, 11])
    const forgets = (at: number): Promise<CredentialHistory> =>
      Promise.resolve(history({ at, firstSeenAt: at > days(2) ? days(2) : days(200), changes: [] }))
    const doubted = await tried({ from: days(4) }, forgets)
    expect(doubted.looks.unknown).toBeGreaterThan(0)
    expect(doubted.firings).toHaveLength(1)
    expect(doubted.firings[0]?.until).toBeUndefined()
  })

  it('R5.9 says where it stopped looking', async () => {
    expect((await tried()).lookedTo).toBe(NOW)
    const { lookedTo } = await tried({ from: NOW - 2 * LOOKS_MAX, stepMs: 1 }, () => Promise.resolve(undefined))
    expect(lookedTo).toBe(NOW - LOOKS_MAX - 1)
  })
})
