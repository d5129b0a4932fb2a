import { describe, expect, it } from '@jest/globals'
import { sampleOf } from '../testing/samples.js'
import { octetCounted, syslogMessage } from './syslog-frame.js'

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

  it('R8.1 is preceded by its length in bytes, not in characters', () => {
    const message = syslogMessage({ event, text: '北京' }, 'host')
    const framed = octetCounted(message).toString('latin1')
    const length = framed.slice(0, framed.indexOf(' '))
    expect(Number(length)).toBe(message.length)
    expect(framed.slice(length.length + 1)).toBe(message.toString('latin1'))
  })
})
