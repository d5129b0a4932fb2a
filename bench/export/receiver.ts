import { readFileSync } from 'node:fs'
import { createServer } from 'node:tls'

/**
 * A process of its own that reads syslog over TLS and tells its parent, when asked, what came. Arguments: files of certificate and key. It
 * says `{ port }` first.
 */
export interface Received {
  /** Distinct sequences of the feed. */
  readonly events: number
  readonly bytes: number
  /** From the moment that the feed took an event to its arrival here, ms; of every event since the last question. */
  readonly delaysMs: readonly number[]
  /** When each event came first, Unix ms; since the last question. */
  readonly arrivals: readonly (readonly [sequence: number, at: number])[]
}

const SEQUENCE = ' sequence="'
const LOGGED = '"logged_time":'
const LENGTH_DIGITS_MAX = 8

if (process.send !== undefined) {
  const [certificate = '', key = ''] = process.argv.slice(2)
  const sequences = new Set<number>()
  let [bytes, delays, arrivals] = [0, [] as number[], [] as [number, number][]]
  const take = (text: string, from: number, now: number): void => {
    const sequence = numberAfter(text, SEQUENCE, from)
    if (!sequences.has(sequence)) arrivals.push([sequence, now])
    sequences.add(sequence)
    delays.push(now - numberAfter(text, LOGGED, from))
  }
  const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (socket) => {
    let carried = ''
    socket.setEncoding('latin1')
    socket.on('error', () => undefined)
    socket.on('data', (piece: string) => {
      const [text, now] = [carried + piece, Date.now()]
      bytes += piece.length
      let at = 0
      for (let message = messageAt(text, at); message !== undefined; message = messageAt(text, at)) {
        take(text, message.from, now)
        at = message.to
      }
      carried = text.slice(at)
    })
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 })
  })
  process.on('message', () => {
    process.send?.({ events: sequences.size, bytes, delaysMs: delays, arrivals } satisfies Received)
    delays = []
    arrivals = []
  })
  process.on('disconnect', () => process.exit(0))
}

/** The whole message whose length in bytes stands at a place (RFC 6587 section 3.4.1); undefined where more must come first. */
function messageAt(text: string, at: number): { readonly from: number; readonly to: number } | undefined {
  const space = text.indexOf(' ', at)
  if (space === -1 && text.length - at < LENGTH_DIGITS_MAX) return undefined
  const [length, from] = [Number(text.slice(at, space)), space + 1]
  if (!(length > 0)) throw new Error(`no length of a message: ${text.slice(at, at + 40)}`)
  if (from + length > text.length) return undefined
  if (text[from] !== '<') throw new Error(`no message where one should begin: ${text.slice(at, at + 40)}`)
  return { from, to: from + length }
}

function numberAfter(text: string, name: string, from: number): number {
  const begin = text.indexOf(name, from) + name.length
  let end = begin
  while (text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) end++
  return Number(text.slice(begin, end))
}
