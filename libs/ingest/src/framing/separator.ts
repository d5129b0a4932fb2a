/** More bytes are needed to tell. */
export const WAIT = -1

const LINE_END = '\r\n'

/** What may follow each of an array's signs, apart from white space; else it is text of a line, e.g. `[INFO] …`. */
const FOLLOWERS: Readonly<Record<string, string>> = {
  '[': `{]${LINE_END}`,
  ',': `{${LINE_END}`,
  ']': `[,}${LINE_END}`,
  '}': LINE_END,
}

/** How files begin that hold nothing but a list of records: what AWS CloudTrail and Azure Monitor deliver, what the audit webhook of Kubernetes sends. */
const LISTS: readonly { readonly opening: RegExp; readonly bare: string }[] = [
  { opening: /^\{\s*"Records"\s*:\s*\[/, bare: '{"Records":[' },
  { opening: /^\{\s*"records"\s*:\s*\[/, bare: '{"records":[' },
  {
    opening:
      /^\{\s*"kind"\s*:\s*"EventList"\s*,\s*"apiVersion"\s*:\s*"audit\.k8s\.io\/v1"\s*,\s*"metadata"\s*:\s*\{\s*\}\s*,\s*"items"\s*:\s*\[/,
    bare: '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[',
  },
]

/** Longest beginning that is looked at, white space included. */
const OPENING_BYTES_MAX = 256

/** Length of the beginning of an object whose list holds the records, or 0 where it is a record itself, or WAIT. */
export function listOpeningLength(bytes: Buffer, start: number, end: number, isEnd: boolean): number {
  const head = bytes.toString('latin1', start, Math.min(end, start + OPENING_BYTES_MAX))
  for (const { opening } of LISTS) {
    const [found] = opening.exec(head) ?? []
    if (found !== undefined) return found.length
  }
  if (isEnd || head.length === OPENING_BYTES_MAX) return 0
  const bare = head.replace(/[ \t\r\n]+/g, '')
  return LISTS.some((list) => list.bare.startsWith(bare)) ? WAIT : 0
}

/**
 * Length of a sign between the elements of a JSON array at `start`: 1, or 0 where there is none, or WAIT.
 * Taking an array's signs for separators keeps the state between records empty, however large the array is.
 */
export function separatorLength(bytes: Buffer, start: number, end: number, isEnd: boolean): number {
  const followers = FOLLOWERS[String.fromCharCode(bytes[start] ?? 0)]
  if (followers === undefined) return 0
  let at = start + 1
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at += 1
  if (at === end) return isEnd ? 1 : WAIT
  if (!followers.includes(String.fromCharCode(bytes[at] ?? 0))) return 0
  // The end of a list that is an object's member is one sign with the object's.
  return bytes[at] === 0x7d ? closingLength(bytes, start, at, end, isEnd) : 1
}

/** Behind it a line must end: `]}` may begin a text too. */
function closingLength(bytes: Buffer, start: number, brace: number, end: number, isEnd: boolean): number {
  const next = bytes[brace + 1]
  if (brace + 1 === end) return isEnd ? brace + 1 - start : WAIT
  return next === 0x0a || next === 0x0d || next === 0x7b ? brace + 1 - start : 0
}
