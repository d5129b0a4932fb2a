import { afterEach, describe, expect, it } from '@jest/globals'
import { Chance } from '../truth/simulation/chance.js'
import { staleIn } from './feed-and-walk.js'
import { Parts, recordedLines, type RecordedLine } from './recorded-lines.js'
import { openFeedStage, type FeedStage } from './stage.js'

const PARTS = 24

const ORDERS: readonly [string, (lines: readonly RecordedLine[]) => readonly RecordedLine[]][] = [
  ['shuffled', (lines) => new Chance(11).shuffled(lines)],
  ['the latest first', (lines) => [...lines].sort((a, b) => b.activity.occurredAt - a.activity.occurredAt)],
  [
    'and what ends something comes last',
    (lines) => [...new Chance(3).shuffled(lines)].sort((a, b) => Number(isEnd(a)) - Number(isEnd(b))),
  ],
]

function isEnd({ activity }: RecordedLine): boolean {
  return activity.groups.some(({ verb }) => verb === 'ends')
}

describe('the feed of the recorded organisation, at its end', () => {
  let stage: FeedStage
  let parts: Parts
  afterEach(async () => {
    await stage.close()
    parts.remove()
  }, 60_000)

  it.each(ORDERS)(
    'R8.1 R3.1 says of every chain what a walk says, when records arrive %s',
    async (_, order) => {
      const lines = order(await recordedLines())
      const size = Math.ceil(lines.length / PARTS)
      parts = new Parts(Array.from({ length: PARTS }, (__, part) => lines.slice(part * size, (part + 1) * size)))
      stage = await openFeedStage({ sources: [...new Set(lines.map(({ source }) => source))], files: parts.files })
      await stage.feed(parts.names)
      const { chains, stale } = await staleIn(stage)
      expect(stale).toEqual([])
      expect(chains).toBeGreaterThan(200)
    },
    180_000,
  )
})
