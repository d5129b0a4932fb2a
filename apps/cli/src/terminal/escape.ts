/**
 * Control characters, and the invisible ones that reorder or hide text. Values come from logs, so whoever can write a log line
 * could otherwise move the cursor, recolour a verdict or hide half a line.
 */
const UNSAFE =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu

/** Text with its control characters spelled out: `\x1b`, `\u202e`. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : unicodeEscape(code)
  })
}

/** JSON that is the same value, but safe to show. */
export function escapeJson(json: string): string {
  return json.replace(UNSAFE, (character) => (character === '\n' ? character : unicodeEscape(character.charCodeAt(0))))
}

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}
