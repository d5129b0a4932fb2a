import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { elementsOf, membersOf, type Span } from './json-span.js'

const spaced = (value: unknown, indent: number): string => JSON.stringify(value, null, indent)
const whole: Span = { from: 0, to: 0 }

describe('the spans in a text of JSON', () => {
  it('are those of its members, whatever they hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer({ min: 0, max: 2 }), (object, indent) => {
        const text = spaced(object, indent)
        const read = [...membersOf(text, whole)].map(([name, { from, to }]) => [name, parsed(text, from, to)])
        expect(read).toEqual(Object.entries(JSON.parse(text) as object))
      }),
      { numRuns: 500 },
    )
  })

  it('are those of its elements, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 0, max: 2 }), (list, indent) => {
        const text = spaced(list, indent)
        const read = elementsOf(text, whole).map(({ from, to }) => parsed(text, from, to))
        expect(read).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })
})

function parsed(text: string, from: number, to: number): unknown {
  return JSON.parse(text.slice(from, to))
}
