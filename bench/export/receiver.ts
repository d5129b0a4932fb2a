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

const SEQUENCE = / sequence="(\d+)"/g
const LOGGED = /"logged_time":(\d+)/g
/** Longer than what is looked for: a piece that ends in the middle of it is looked at again with the next. */
const CARRY = 40

if (process.send !== undefined) {
  const [certificate = '', key = ''] = process.argv.slice(2)
  const sequences = new Set<string>()
  let [bytes, delays, arrivals] = [0, [] as number[], [] as [number, number][]]
  const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (socket) => {
    let carried = ''
    socket.setEncoding('latin1')
    socket.on('error', () => undefined)
    socket.on('data', (piece: string) => {
      const [text, now] = [carried + piece, Date.now()]
      bytes += piece.length
      let end = 0
      for (const match of text.matchAll(SEQUENCE)) {
        const sequence = match[1] ?? ''
        if (!sequences.has(sequence)) arrivals.push([Number(sequence), now])
        sequences.add(sequence)
        end = Math.max(end, match.index + match[0].length)
      }
      for (const match of text.matchAll(LOGGED)) {
        delays.push(now - Number(match[1]))
        end = Math.max(end, match.index + match[0].length)
      }
      carried = text.slice(Math.max(end, text.length - CARRY))
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
