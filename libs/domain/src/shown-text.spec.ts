import { describe, expect, it } from '@jest/globals'
import { escapeText, htmlText, pageText } from './shown-text.js'

describe('a name that somebody else wrote', () => {
  it('is text on a page, never markup', () => {
    expect(htmlText('<img src="x">&amp;')).toBe('&lt;img src=&quot;x&quot;&gt;&amp;amp;')
  })

  it('neither turns around what stands beside it nor hides that it is another name', () => {
    for (const spell of [escapeText, pageText, htmlText]) {
      expect(spell('ada\u202eX')).toBe('ada\\u202eX')
      expect(spell('ad\u200ba')).toBe('ad\\u200ba')
      expect(spell('a\u0000\u009b\ud800')).toBe('a\\x00\\x9b\\ud800')
    }
  })

  it('keeps letters of every script, and the end of a line as a space where a page shows it', () => {
    expect(htmlText('דוד Ünal 🔑')).toBe('דוד Ünal 🔑')
    expect(pageText('one\r\ntwo\tthree')).toBe('one two three')
    expect(escapeText('one\ntwo')).toBe('one\\x0atwo')
  })
})
