import fc from 'fast-check'

const SURROGATES_FIRST = 0xd800
const SURROGATES = 0x800
const LAST = 0x10ffff

/**
 * Any character of Unicode, as the unit `binary` of `fc.string` draws it. That one looks texts up in a map of all million
 * characters, which it takes seconds to fill in every spec file.
 */
export const anyCharacter: fc.Arbitrary<string> = fc.nat({ max: LAST - SURROGATES }).map(
  (index) => String.fromCodePoint(index < SURROGATES_FIRST ? index : index + SURROGATES),
  (text) => {
    const code = typeof text === 'string' ? text.codePointAt(0) : undefined
    if (code === undefined || String.fromCodePoint(code) !== text || /\p{Surrogate}/u.test(text))
      throw new Error('not one character')
    return code < SURROGATES_FIRST ? code : code - SURROGATES
  },
)
