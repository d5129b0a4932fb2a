import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { wellFormed } from '../../feed/well-formed.js'
import { FEED_KINDS } from '../../feed/kinds.js'
import { anyEvent, hostileText } from '../../testing/arbitrary.js'
import { parseCef } from '../../testing/parse-cef.js'
import { sampleOf } from '../../testing/samples.js'
import { hasProgram } from '../../testing/tools.js'
import { cutText, escapeValue, inert, unescapeValue } from './escape.js'
import { toCef } from './to-cef.js'

const isParserHere = hasProgram('lognormalizer', 'liblognorm-utils')

describe('CEF', () => {
  it('R8.1 of every kind is read by an independent parser', () => {
    if (!isParserHere) return
    const events = FEED_KINDS.map((kind) => sampleOf(kind))
    const parsed = parseCef(events.map(toCef))
    expect(parsed.map(({ SignatureID }) => SignatureID)).toEqual(FEED_KINDS)
    parsed.forEach(({ Extensions }, index) => {
      expect(Extensions).toMatchObject({ externalId: events[index]?.id, cn1: String(events[index]?.sequence), cn1Label: 'seq', suser: 'olga' }) // prettier-ignore
    })
  })

  it('R8.1 with hostile text is read by an independent parser, field by field', () => {
    if (!isParserHere) return
    const events = fc.sample(anyEvent, 300)
    const parsed = parseCef(events.map(toCef))
    expect(parsed).toHaveLength(events.length)
    parsed.forEach((fields, index) => {
      const { content, id } = events[index]!
      expect(fields.SignatureID).toBe(content.kind)
      expect(fields.Extensions['externalId']).toBe(id)
      const source = unescapeValue(escapeValue(cutText(wellFormed(content.source), 4000).text))
      if (source !== '') expect(fields.Extensions['cs5']).toBe(source)
    })
  })

  it('has a label for every custom field', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const keys = [...toCef(event).matchAll(/(?:^|[ |])(c[sn]\d|deviceCustomDate1|flexString[12])=/g)].map(([, key]) => key) // prettier-ignore
        for (const key of keys) expect(toCef(event)).toContain(`${key}Label=`)
      }),
    )
  })

  it('gives every text back that it escaped', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const plain = inert(text).replace(/^ +| +$/g, '')
        expect(unescapeValue(escapeValue(text))).toBe(plain)
        expect(escapeValue(text)).not.toMatch(/[\r\n]|(?<!\\)(?:\\\\)*=/)
      }),
      { numRuns: 1_000 },
    )
  })

  it('cuts on code points, and says what it cut', () => {
    expect(cutText('🔑🔑🔑', 2)).toEqual({ text: '🔑🔑', isCut: true })
    const cef = toCef(sampleOf('test', { summary: '🔑'.repeat(2_000) }))
    expect(cef).toContain('flexString1Label=cut flexString1=msg')
    expect(cef).toContain(`msg=${'🔑'.repeat(1023)} `)
  })
})
