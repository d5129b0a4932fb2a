import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { RECORD_BYTES_MAX, type Framed } from './framed.js'
import { Framer } from './framer.js'

interface Cut {
  readonly records: readonly string[]
  readonly framed: readonly Framed[]
  readonly holes: number
  readonly position: number
}

function frame(pieces: readonly Buffer[], flush: 'pause' | 'final' = 'final', position = 0): Cut {
  const framer = new Framer(position)
  const framed = [...pieces.flatMap((piece) => [...framer.push(piece)]), ...framer.end(flush)]
  const records = framed.map((one) => (one.kind === 'record' ? one.text : `!${one.reason}`))
  return { records, framed, holes: framer.holes, position: framer.position }
}

const frameText = (text: string, flush?: 'pause' | 'final'): Cut => frame([Buffer.from(text)], flush)

describe('lines', () => {
  it('are cut at LF and CRLF, behind a byte order mark, blank ones counted as holes', () => {
    const { records, holes, framed } = frameText('\uFEFF{"a":1}\r\n\n  \n{"b":2}\n')
    expect(records).toEqual(['{"a":1}', '{"b":2}'])
    expect(holes).toBe(2)
    expect(framed.map(({ from, to, next }) => [from, to, next])).toEqual([
      [3, 10, 12],
      [16, 23, 24],
    ])
  })

  it('keep their prefix, and lines without an object are passed on whole', () => {
    const text = 'vault-b: {"a":1}\n==> Vault server started!\n[INFO] up {"b":2}\n] x, y\n'
    expect(frameText(text).records).toEqual(text.trimEnd().split('\n'))
  })

  it('wait while they are half written, and are truncated when nothing follows', () => {
    for (const half of ['{"a":1', '{"a":"x', 'prefix {"a":']) {
      const growing = frameText(`{"z":0}\n${half}`, 'pause')
      expect(growing.records).toEqual(['{"z":0}'])
      expect(growing.position).toBe(8)
      expect(frameText(`{"z":0}\n${half}`).records).toEqual(['{"z":0}', '!record ends early (truncated)'])
    }
  })

  it('need no line feed behind a complete object', () => {
    expect(frameText('{"a":1}', 'pause')).toMatchObject({ records: ['{"a":1}'], position: 7 })
  })
})

describe('a line that is no JSON', () => {
  it.each([
    '{"a":1,',
    '{"a":',
    '{"a":[',
    '{"a":{',
    '{"a":tr',
    '{"a":"x',
    '{"a":"x\\',
    '{"a"',
    '{',
    '{foo} bar',
    '{"a":1}}',
    '{"a":1}garbage',
    '{"a":[}',
  ])('%s does not swallow its neighbours', (broken) => {
    const { records } = frameText(`{"z":0}\n${broken}\n{"y":1}\n{"x":2}\n`)
    expect(records).toEqual(['{"z":0}', broken, '{"y":1}', '{"x":2}'])
  })

  it.each([
    ['NUL', Buffer.from('{"a":"\0"}'), 'NUL byte in the record'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]), 'invalid UTF-8'],
    ['over-long', Buffer.from(`{"a":"${'x'.repeat(RECORD_BYTES_MAX)}"}`), 'record over 1 MiB'],
    ['over-long text', Buffer.from('x'.repeat(RECORD_BYTES_MAX + 1)), 'record over 1 MiB'],
    ['over-long and broken', Buffer.from(`{"a":"${'x'.repeat(RECORD_BYTES_MAX)}`), 'record over 1 MiB'],
  ])('%s is unreadable, with its range', (_, bytes, reason) => {
    const all = Buffer.concat([Buffer.from('{"z":0}\n'), bytes, Buffer.from('\n{"y":1}\n')])
    for (const sizeBytes of [all.length, 65_536]) {
      const { framed, records } = frame(pieces(all, sizeBytes))
      expect(records).toEqual(['{"z":0}', `!${reason}`, '{"y":1}'])
      expect(framed[1]).toMatchObject({ from: 8, to: 8 + bytes.length, next: 9 + bytes.length })
    }
  })
})

describe('an array', () => {
  const elements = [{ a: 1, b: [{ c: '},{' }] }, { d: '"\\' }, {}]

  it.each([
    ['compact', JSON.stringify(elements)],
    ['pretty-printed', JSON.stringify(elements, null, 2)],
    ['one element a line', `[\n${elements.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`],
    ['two in a row', `${JSON.stringify(elements)}\n[]\n`],
  ])('%s gives its elements', (_, text) => {
    expect(frameText(text).records.map((one) => JSON.parse(one) as unknown)).toEqual(elements)
  })

  it('keeps the neighbours of a broken element', () => {
    expect(frameText('[{"a":1},{"b":tru e},{"c":3}]').records).toEqual(['{"a":1}', '{"b":tru e}', '{"c":3}'])
    const pretty =
      '[\n  {\n    "a": 1\n  },\n  {\n    "b" 2,\n    "x": [\n      {\n      }\n    ]\n  },\n  {\n    "c": 3\n  }\n]\n'
    expect(frameText(pretty).records.map((one) => one.replace(/\s/g, ''))).toEqual([
      '{"a":1}',
      '{"b"2,"x":[{}]},',
      '{"c":3}',
    ])
  })

  it('is cut in bounded memory however large it is', () => {
    const framer = new Framer()
    const element = Buffer.from(`${JSON.stringify({ padding: 'x'.repeat(2000) })},`)
    let count = [...framer.push(Buffer.from('['))].length
    for (let round = 0; round < 20_000; round += 1) {
      count += [...framer.push(element)].length
      expect(framer.waitingBytes).toBeLessThan(3000)
    }
    expect(count).toBe(20_000)
  })
})

describe('a file that holds nothing but a list', () => {
  const records = [{ eventID: '1', nested: { Records: [{}] } }, { eventID: '2' }]
  const events = { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items: records }

  it.each([
    ['of AWS CloudTrail', JSON.stringify({ Records: records })],
    ['of AWS CloudTrail, pretty-printed', `${JSON.stringify({ Records: records }, null, 2)}\n`],
    ['of Azure Monitor', JSON.stringify({ records })],
    ['of the audit webhook of Kubernetes', JSON.stringify(events)],
    ['of the audit webhook of Kubernetes, pretty-printed', JSON.stringify(events, null, 2)],
    ['after another', `${JSON.stringify({ Records: records })}\n${JSON.stringify({ Records: [] })}\n`],
  ])('%s gives its records, however it is cut', (_, text) => {
    for (const sizeBytes of [1, 7, text.length]) {
      const { records: cut } = frame(pieces(Buffer.from(text), sizeBytes))
      expect(cut.map((one) => JSON.parse(one) as unknown)).toEqual(records)
    }
  })

  it('may be larger than any record', () => {
    const large = { Records: Array.from({ length: 3_000 }, (_, n) => ({ n, padding: 'x'.repeat(1_000) })) }
    expect(frameText(JSON.stringify(large)).records).toHaveLength(3_000)
  })

  it('is not a record that holds such a list beside other things, or a record that only begins alike', () => {
    for (const text of ['{"other":1,"Records":[{}]}', '{"Records":{}}', '{"Recorded":[{}]}', '{"Records"', '{'])
      expect(frameText(text).records.filter((one) => !one.startsWith('!'))).toEqual(text.endsWith('}') ? [text] : [])
  })

  it('waits for the rest of its beginning', () => {
    expect(frameText('{"Rec', 'pause')).toMatchObject({ records: [], position: 0 })
  })
})

describe('the envelope of an event hook', () => {
  const events = [{ uuid: 'é-1', text: '] }' }, { uuid: '2' }]
  const hook = JSON.stringify({ eventType: 'com.okta.event_hook', data: { events } })
  const text = `{"z":0}\n${hook}\n{"y":1}\n`

  it('gives its events, each where it stands', () => {
    const { framed, records } = frameText(text)
    expect(records).toEqual(['{"z":0}', ...events.map((one) => JSON.stringify(one)), '{"y":1}'])
    for (const { from, to } of framed) expect(records).toContain(Buffer.from(text).subarray(from, to).toString())
  })

  it('is read again as a whole where reading stopped inside of it, and gone on from behind it', () => {
    const { framed } = frameText(text)
    const rest = framed.slice(1, 3).map(({ next }) => frame([Buffer.from(text).subarray(next)]).records.length)
    expect(rest).toEqual([3, 1])
  })
})

describe('objects that span lines', () => {
  it('are one record each, alone or concatenated', () => {
    const objects = [{ a: { b: [1, 2, { c: null }] } }, { d: true }]
    const text = objects.map((one) => JSON.stringify(one, null, 2)).join('\n')
    expect(frameText(text).records.map((one) => JSON.parse(one) as unknown)).toEqual(objects)
  })
})

const json = fc.json({ maxDepth: 3 })
const line = fc.oneof(
  fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })).map((one) => JSON.stringify(one)),
  fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })).map((one) => JSON.stringify(one, null, 2)),
  fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }))).map((one) => JSON.stringify(one, null, 1)),
  json,
  fc.string(),
  fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:\\\n\r 1a\0é'), '{"Records":[', ']}') }),
  json.map((one) => one.slice(0, one.length / 2)),
)

/** What may stand between records: white space, the signs of lists, and the beginning and end of an object that holds one. */
const BETWEEN = /^(?:[\s,[\]}\uFEFF]|\{\s*"Records"\s*:\s*\[)*$/

describe('any bytes', () => {
  const anything = fc.array(line).map((lines) => Buffer.from(lines.join('\n')))

  it('give the same records however they are cut into pieces', () => {
    fc.assert(
      fc.property(
        anything,
        fc.array(fc.integer({ min: 1, max: 9 })),
        fc.constantFrom('pause', 'final'),
        (all, sizes, flush) => {
          expect(frame(pieces(all, ...sizes, 1), flush)).toEqual(frame([all], flush))
        },
      ),
      { numRuns: 1500 },
    )
  })

  it('give the same records when reading resumes behind any of them', () => {
    fc.assert(
      fc.property(anything, (all) => {
        const { framed } = frame([all])
        for (const [index, { next }] of framed.entries()) {
          expect(frame([all.subarray(next)], 'final', next).framed).toEqual(framed.slice(index + 1))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('are covered by records, blanks and separators without overlap', () => {
    fc.assert(
      fc.property(anything, (all) => {
        let at = 0
        for (const { from, to, next } of frame([all]).framed) {
          expect(all.subarray(at, from).toString()).toMatch(BETWEEN)
          expect(to).toBeGreaterThan(from)
          expect(next).toBeGreaterThanOrEqual(to)
          at = next
        }
        expect(all.subarray(at).toString()).toMatch(BETWEEN)
      }),
      { numRuns: 500 },
    )
  })
})

function pieces(all: Buffer, ...sizes: number[]): Buffer[] {
  const cut: Buffer[] = []
  for (let at = 0, round = 0; at < all.length; round += 1) {
    const size = sizes[round % sizes.length]!
    cut.push(Buffer.from(all.subarray(at, at + size)))
    at += size
  }
  return cut
}
