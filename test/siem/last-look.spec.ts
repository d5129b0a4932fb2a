import { describe, expect, it } from '@jest/globals'
import { FORMAT_NAMES, type FeedContent, type FeedEvent } from '@catena/siem'
import { thorough } from '@catena/testing'
import { isRefused, prepare } from '../../libs/siem/src/delivery/prepare.js'
import { sampleOf } from '../../libs/siem/src/testing/samples.js'
import { CANARIES, TELLING_LENGTH, type Canary } from '../canary-kinds.js'

/** Words of Catena, which no record writes. */
const OWN: readonly string[] = ['kind', 'outcome', 'state', 'by']
const SAMPLES = [sampleOf('credential-retrieved'), sampleOf('login'), sampleOf('membership-added'), sampleOf('finding-opened'), sampleOf('verdict-changed')] // prettier-ignore

/** The value with the text in place of one of its texts, for each of them in turn, and the name of the place. */
function* planted(value: unknown, text: string, place = ''): Generator<readonly [place: string, value: unknown]> {
  if (typeof value === 'string') yield [place, text]
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value).filter(([name]) => !OWN.includes(name)))
    for (const [at, changed] of planted(member, text, `${place}/${name}`))
      yield [at, Array.isArray(value) ? value.with(Number(name), changed) : { ...value, [name]: changed }]
}

function* eventsWith(text: string): Generator<readonly [place: string, event: FeedEvent]> {
  for (const sample of SAMPLES)
    for (const [place, content] of planted(sample.content, text)) yield [place, { ...sample, content: content as FeedContent }]
} // prettier-ignore

/** By itself and within a sentence; where it is to be quick, one of the two, by its length. */
function writtenOf(text: string): readonly string[] {
  const ways = [text, `of ${text} and more`]
  return thorough([ways[text.length % ways.length]!], ways)
}

function leaksOf({ kind, text, core }: Canary, format: (typeof FORMAT_NAMES)[number]): string[] {
  return writtenOf(text).flatMap((written) =>
    [...eventsWith(written)].flatMap(([place, event]) => {
      const prepared = prepare({ format, eventBytesMax: 64_000 }, event, 0)
      return !isRefused(prepared) && prepared.text.includes(core.slice(0, TELLING_LENGTH))
        ? [`${kind} in ${place}`]
        : []
    }),
  )
}

describe('the last look at what leaves', () => {
  it.each(FORMAT_NAMES.map((name) => [name]))('R2.6 lets no secret of any kind in any field out in %s', (format) => {
    expect([...eventsWith('')].length).toBeGreaterThan(100)
    expect(CANARIES.flatMap((canary) => leaksOf(canary, format))).toEqual([])
  })

  it('R2.6 looks at the key of a message too, where the text does not name the credential', () => {
    const [canary] = CANARIES
    const credential = { system: 'vault/prod-1', path: canary?.text ?? '' }
    const event = sampleOf('login', { credential })
    expect(prepare({ format: 'ocsf', eventBytesMax: 64_000 }, event, 0)).toMatchObject({ text: expect.any(String) })
    expect(prepare({ kind: 'kafka', format: 'ocsf', eventBytesMax: 64_000 }, event, 0)).toMatchObject({ refused: expect.stringContaining('secret') }) // prettier-ignore
  })
})
