/** More bytes are needed to tell. */
export const WAIT = -1

const LINE_END = '\r\n'

/** What may follow each of an array's signs, apart from white space; else it is text of a line, e.g. `[INFO] …`. */
const FOLLOWERS: Readonly<Record<string, string>> = { '[': `{]${LINE_END}`, ',': `{${LINE_END}`, ']': `[,${LINE_END}` }

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
  return followers.includes(String.fromCharCode(bytes[at] ?? 0)) ? 1 : 0
}
