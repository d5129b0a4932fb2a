/** Longest name of a detail; real names stay below 40. */
const NAME = /[A-Za-z_][\w.:-]{0,99}="/y

/** What follows a closing quote that the value's own last backslash seems to escape. */
const NEXT_MEMBER = /, [A-Za-z_][\w.:-]{0,99}="/y

/**
 * Reads `type="LOGIN", realmId="…", …`, as the event listener `jboss-logging` writes it with its default options.
 * The listener escapes quotes but no backslashes, so a value that ends in a backslash looks as if it went on:
 * an opening quote stands directly behind `=`, which inside a value it never does, and so tells the two apart.
 * The first of two equal names wins, because details (which others choose) stand behind the listener's own members.
 * Returns undefined where any part of the message does not fit: a half-read event could name the wrong person.
 */
export function readMessage(message: string): Map<string, string> | undefined {
  const members = new Map<string, string>()
  let position = 0
  while (position < message.length) {
    NAME.lastIndex = position
    const name = NAME.exec(message)?.[0]
    if (name === undefined) return undefined
    const start = position + name.length
    const end = endOfValue(message, start)
    if (end === undefined) return undefined
    const member = name.slice(0, -2)
    if (!members.has(member)) members.set(member, message.slice(start, end).replaceAll('\\"', '"'))
    if (end + 1 === message.length) return members
    if (!message.startsWith(', ', end + 1)) return undefined
    position = end + 3
  }
  return undefined
}

function endOfValue(message: string, start: number): number | undefined {
  let quote = message.indexOf('"', start)
  while (quote !== -1) {
    const escaped = quote > start && message[quote - 1] === '\\'
    if (!escaped || quote + 1 === message.length || startsMember(message, quote + 1)) return quote
    quote = message.indexOf('"', quote + 1)
  }
  return undefined
}

function startsMember(message: string, position: number): boolean {
  NEXT_MEMBER.lastIndex = position
  return NEXT_MEMBER.test(message)
}
