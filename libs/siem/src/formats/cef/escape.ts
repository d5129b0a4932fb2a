/** Control characters that could end a line, a frame or a terminal's patience; CR and LF have escapes of their own. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/g

/** Text without control characters but CR and LF; each becomes a space. */
export function inert(text: string): string {
  return text.replace(CONTROLS, ' ')
}

/** Header fields: backslash and pipe are escaped, and a line break, for which headers have no escape, becomes a space. */
export function escapeHeader(text: string): string {
  return inert(text).replace(/[\r\n]/g, ' ').replace(/[\\|]/g, '\\$&') // prettier-ignore
}

/** Values of extensions: backslash, equals sign, CR and LF are escaped. A space at either end would be lost, so it is taken off. */
export function escapeValue(text: string): string {
  return inert(text)
    .replace(/^ +| +$/g, '')
    .replace(/[\\=]/g, '\\$&')
    .replace(/\r/g, '\\r')
    .replace(/\n/g, '\\n')
}

/** The text of an escaped value. */
export function unescapeValue(text: string): string {
  return text.replace(/\\([\\=rn])/g, (_, sign: string) => (sign === 'r' ? '\r' : sign === 'n' ? '\n' : sign))
}

/** At most so many code points. */
export function cutText(text: string, max: number): { readonly text: string; readonly isCut: boolean } {
  if (text.length <= max) return { text, isCut: false }
  const points = Array.from(text)
  return points.length <= max ? { text, isCut: false } : { text: points.slice(0, max).join(''), isCut: true }
}
