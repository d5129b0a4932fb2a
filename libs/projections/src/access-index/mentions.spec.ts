import { setTimeout as sleep } from 'node:timers/promises'
import type { Activity } from '@catena/domain'
import type { LedgerEvent } from '@catena/ledger'
import { afterEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  HEARD_POSITIONS_MAX,
  HeardMentions,
  mentionOf,
  MentionTeller,
  stretchOf,
  type MentionStretch,
} from './mentions.js'

/** Every third position is a decision, every sixth one on an identity, which is an activity too. */
const isDecision = (position: number): boolean => position % 3 === 0
const eventAt = (position: number): LedgerEvent =>
  ({ position, stream: isDecision(position) ? 'campaign:a' : 'record:v:1' }) as unknown as LedgerEvent
const activityAt = (position: number): Activity | undefined =>
  isDecision(position) && position % 6 > 0 ? undefined : ({ factId: `f${position}`, positions: [position], groups: [{ forms: [{ key: 'k:1' }, { key: `k:${position}` }] }, { forms: [{ key: 'k:1' }] }] } as unknown as Activity) // prettier-ignore
const range = (after: number, through: number): number[] =>
  Array.from({ length: through - after }, (_, index) => after + index + 1)
const stretch = (after: number, through: number): MentionStretch => {
  const told = stretchOf(range(after, through).map(eventAt), range(after, through).map(activityAt))
  if (told === undefined) throw new Error('not told')
  return told
}

describe('what the thread of the access index tells the others', () => {
  const open: { close(): void }[] = []
  afterEach(() => open.splice(0).forEach((one) => one.close()))
  const hears = (url = 'postgresql://a/b'): HeardMentions => {
    const heard = new HeardMentions(url)
    open.push(heard)
    return heard
  }

  it('R1.4 is of each position the fact, its keys and what is a decision', () => {
    expect(stretch(4, 9)).toEqual({ after: 4, through: 9, mentions: [5, 6, 7, 8].map((at) => ({ position: at, factId: `f${at}`, keys: ['k:1', `k:${at}`] })), decisions: [6, 9] }) // prettier-ignore
  })

  it('R1.4 is nothing where a record tells of nothing, or positions are missing', () => {
    expect(stretchOf(range(0, 2).map(eventAt), [activityAt(1), undefined])).toBeUndefined()
    expect(stretchOf([eventAt(1), eventAt(3)], [activityAt(1), undefined])).toBeUndefined()
  })

  it('R1.4 answers as the ledger would, or not at all, however it was cut, told again or begun anew', () => {
    const steps = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 30 }), fc.boolean()), { maxLength: 12 })
    const asked = fc.array(fc.tuple(fc.nat(80), fc.nat(40)), { maxLength: 20 })
    let answered = 0
    fc.assert(
      fc.property(steps, asked, (told, questions) => {
        const heard = hears()
        let last = 0
        for (const [after, length, goesOn] of told) {
          const from = goesOn ? last : after
          heard.hear(stretch(from, (last = from + length)))
        }
        for (const [after, length] of questions) {
          const answer = heard.between(after, after + length)
          if (answer === undefined) continue
          answered += 1
          const wanted = range(after, after + length)
          expect(answer.mentions).toEqual(wanted.flatMap((at) => activityAt(at) ?? []).map(mentionOf))
          expect(answer.decisions).toEqual(wanted.filter(isDecision))
        }
        heard.close()
      }),
    )
    expect(answered).toBeGreaterThan(50)
  })

  it('R1.4 keeps what nobody asked for yet, up to a limit, and forgets what was', () => {
    const heard = hears()
    for (let after = 0; after < 2 * HEARD_POSITIONS_MAX; after += 1_000) heard.hear(stretch(after, after + 1_000))
    const end = 2 * HEARD_POSITIONS_MAX
    expect(heard.between(end - HEARD_POSITIONS_MAX, end)?.mentions.length).toBeGreaterThan(HEARD_POSITIONS_MAX / 2)
    expect(heard.between(end - HEARD_POSITIONS_MAX - 1_001, end)).toBeUndefined()
    heard.forget(end - 1_500)
    expect(heard.between(end - 2_500, end)).toBeUndefined()
    expect(heard.between(end - 1_500, end)?.decisions).toHaveLength(500)
  })

  it('R1.4 reaches whoever listens on the same database, and nobody else', async () => {
    const [here, there] = [hears('postgresql://a/b'), hears('postgresql://a/c')]
    const teller = new MentionTeller('postgresql://a/b')
    open.push(teller)
    teller.tell(stretch(0, 5))
    while (here.between(0, 5) === undefined) await sleep(5)
    await sleep(20)
    expect(here.between(0, 5)).toEqual(stretch(0, 5))
    expect(there.between(0, 5)).toBeUndefined()
  })
})
