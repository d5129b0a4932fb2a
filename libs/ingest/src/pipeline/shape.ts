/** Longest shape that is kept, UTF-16 units. */
export const SHAPE_LENGTH_MAX = 200

/** What a text looks like without what it says: letters become `a`, digits `9`, control characters `?`; the rest stays. */
export function shapeOf(text: string): string {
  return text
    .slice(0, SHAPE_LENGTH_MAX)
    .replace(/[\p{L}\p{M}]/gu, 'a')
    .replace(/\p{N}/gu, '9')
    .replace(/[\p{C}\uFFFD]/gu, '?')
}
