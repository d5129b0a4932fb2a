/** `name="`; real names of members and details stay below 40 characters. */
const OPENING = /[A-Za-z_][\w.:-]{0,99}="/y

/** How a place in the message was reached: from where, and over which member. */
interface Step {
  readonly from: number
  readonly name: string
  readonly value: string
}

/**
 * Reads `type="LOGIN", realmId="…", …`, as the event listener `jboss-logging` writes it with its default options.
 * The listener escapes quotes but no backslashes, so `\", name="` is either the end of a value with a backslash and the
 * next member, or part of a value. Both are followed up; only the true one reaches the end, because in the other one
 * opening and closing quotes stay exchanged. So no user name can be made to forge a member.
 * The first of two equal names wins: details, which others choose, stand behind the listener's own members.
 * Returns undefined where any part does not fit: a half-read event could name the wrong person.
 */
export function readMessage(message: string): Map<string, string> | undefined {
  const reached = new Map<number, Step>([[0, { from: -1, name: '', value: '' }]])
  for (const place of reached.keys()) {
    for (const [next, step] of stepsFrom(message, place)) if (!reached.has(next)) reached.set(next, step)
  }
  return membersUpTo(behind(message.length - 1), reached)
}

function membersUpTo(end: number, reached: ReadonlyMap<number, Step>): Map<string, string> | undefined {
  const path: Step[] = []
  for (let step = reached.get(end); step !== undefined && step.from >= 0; step = reached.get(step.from)) path.push(step)
  if (path.length === 0) return undefined
  const members = new Map<string, string>()
  for (const { name, value } of path.reverse()) if (!members.has(name)) members.set(name, value)
  return members
}

function stepsFrom(message: string, place: number): (readonly [number, Step])[] {
  const opening = openingAt(message, place)
  if (opening === undefined) return []
  const start = place + opening.length
  const name = opening.slice(0, -2)
  return closingQuotes(message, start).map((quote) => {
    const value = message.slice(start, quote).replaceAll('\\"', '"')
    return [behind(quote), { from: place, name, value }] as const
  })
}

/** Where a value that starts here may end: at the first quote that is not escaped, or before where one only seems so. */
function closingQuotes(message: string, start: number): number[] {
  const quotes: number[] = []
  for (let quote = message.indexOf('"', start); quote !== -1; quote = message.indexOf('"', quote + 1)) {
    const isEscaped = quote > start && message[quote - 1] === '\\'
    const isFollowed = message.startsWith(', ', quote + 1) && openingAt(message, behind(quote)) !== undefined
    if (isFollowed || quote + 1 === message.length) quotes.push(quote)
    if (!isEscaped) break
  }
  return quotes
}

/** The next member starts behind the closing quote, a comma and a space. */
function behind(quote: number): number {
  return quote + 3
}

function openingAt(message: string, place: number): string | undefined {
  OPENING.lastIndex = place
  return OPENING.exec(message)?.[0]
}
