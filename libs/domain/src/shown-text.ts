/**
 * Control characters, and the invisible ones that reorder or hide text. Names and values come from records of others, so whoever can write one
 * could otherwise move the cursor of a terminal, turn a line of a page around, or make two names look alike.
 */
export const UNSAFE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu

/** Text with its control characters spelled out: `\x1b`, `\u202e`. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : unicodeEscape(code)
  })
}

/** The same for a page, where the end of a line is a space. */
export function pageText(text: string): string {
  return escapeText(text.replace(/[\t\n\r]+/g, ' '))
}

/** The same as HTML: text, never markup. */
export function htmlText(text: string): string {
  return pageText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
} // prettier-ignore

export function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}
