/** An opaque name of everything the ledger held at one moment. Today it encodes one position; callers must not read it. */
export type Cut = string & { readonly __brand: 'Cut' }

const PREFIX = 'c1.'

export function cutAt(position: number): Cut {
  return `${PREFIX}${Buffer.from(String(position)).toString('base64url')}` as Cut
}

/** Returns undefined for text that no Catena wrote. */
export function positionOfCut(cut: string): number | undefined {
  if (!cut.startsWith(PREFIX)) return undefined
  const text = Buffer.from(cut.slice(PREFIX.length), 'base64url').toString('latin1')
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) return undefined
  const position = Number(text)
  return cutAt(position) === cut ? position : undefined
}
