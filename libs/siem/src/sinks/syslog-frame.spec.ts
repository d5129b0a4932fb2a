import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { anyEvent, hostileText } from '../testing/arbitrary.js'
import { sampleOf } from '../testing/samples.js'
import { escapeParameter, octetCounted, syslogMessage } from './syslog-frame.js'

const event = sampleOf('credential-retrieved')

describe('a syslog message', () => {
  it('R8.1 is its header, the byte order mark and the text in UTF-8, whatever the text holds', () => {
    const text = '{"name":"Zoë 北京 \u{1f511}"}'
    const message = syslogMessage({ event, text }, 'zürich host')
    expect(message.toString('utf8')).toMatch(
      /^<110>1 \d{4}-\S+Z zrichhost catena - credential-retrieved \[catena@32473 id="/,
    )
    expect(message.toString('latin1').split('\u00ef\u00bb\u00bf')).toHaveLength(2)
    expect(message.toString('utf8').split('\ufeff')[1]).toBe(text)
  })

  it.each([['北京'], ['plain'], [''], ['Zoë']])(
    'R8.1 is preceded by its length in bytes, not in characters: %s',
    (text) => {
      const message = syslogMessage({ event, text }, 'host')
      expect(octetCounted([{ event, text }], 'host')).toEqual(
        Buffer.concat([Buffer.from(`${message.length} `), message]),
      )
    },
  )

  it('R8.1 stands whole among others, whatever any of them holds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, hostileText)), (all) => {
        const batch = all.map(([event, text]) => ({ event, text }))
        const messages = batch.map((one) => syslogMessage(one, 'zürich'))
        expect(split(octetCounted(batch, 'zürich'))).toEqual(messages)
      }),
    )
  })

  it('escapes what ends a parameter, and only that', () => {
    expect(escapeParameter('vault/prod-1:a.b_c')).toBe('vault/prod-1:a.b_c')
    expect(escapeParameter('a"b]c\\d\ne')).toBe('a\\"b\\]c\\\\d e')
  })
})

function split(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const from = bytes.indexOf(' ', at) + 1
    const length = Number(bytes.toString('latin1', at, from - 1))
    messages.push(bytes.subarray(from, from + length))
    at = from + length
  }
  return messages
}
