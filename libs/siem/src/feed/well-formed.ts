/** Halves of a surrogate pair that stand alone are no characters; many receivers refuse a whole document for one. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/** JSON of a value in which every text is well formed. */
export function wellFormedJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (!/\\ud[89a-f]/i.test(text)) return text
  return JSON.stringify(value, (_, child: unknown) => (typeof child === 'string' ? wellFormed(child) : child))
}
