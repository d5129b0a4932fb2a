import { createServer, connect, type Socket } from 'node:net'

/** What happens to the nth COMMIT that passes: it is kept back, its answer is kept back, or both go through. */
export type Verdict = 'pass' | 'hold' | 'lose-answer'

export interface CommitProxy {
  /** The database's URL through the proxy. */
  readonly databaseUrl: string
  close(): Promise<void>
}

export interface CommitSeen {
  /** From 1, over all connections. */
  readonly number: number
  /** COPYs finished in this transaction. */
  readonly copies: number
  /** Cuts the connection at both ends. */
  cut(): void
}

/**
 * A TCP proxy before PostgreSQL that reads along in the client's messages (manual: "Message Formats") to find COMMITs.
 * `judge` is asked when one comes; `struck` is called once it was held, or carried out and its answer lost.
 */
export async function commitProxy(
  databaseUrl: string,
  judge: (commit: CommitSeen) => Verdict,
  struck: (commit: CommitSeen) => void,
): Promise<CommitProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let commits = 0
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    const cut = (): void => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true).on('error', cut).on('close', cut)
    }
    let losing: CommitSeen | undefined
    const messages = new ClientMessages((copies) => {
      const commit = { number: ++commits, copies, cut }
      const verdict = judge(commit)
      if (verdict === 'lose-answer') losing = commit
      if (verdict === 'hold') struck(commit)
      return verdict !== 'hold'
    })
    client.on('data', (bytes) => {
      if (messages.read(bytes)) upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (losing === undefined) client.write(bytes)
      else struck(losing)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.port = String((server.address() as { port: number }).port)
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { databaseUrl: url.toString(), close }
}

/** Cuts the client's bytes into messages: the first has no type, all others a byte of type, then their length. */
class ClientMessages {
  private rest = Buffer.alloc(0)
  private started = false
  private copies = 0

  constructor(private readonly onCommit: (copies: number) => boolean) {}

  /** False when a COMMIT in these bytes is to be held. */
  read(bytes: Buffer): boolean {
    this.rest = Buffer.concat([this.rest, bytes])
    let passes = true
    for (let message = this.next(); message !== undefined; message = this.next()) {
      if (message.type === 'c') this.copies++
      if (message.type !== 'Q' || message.text !== 'COMMIT') continue
      passes = this.onCommit(this.copies) && passes
      this.copies = 0
    }
    return passes
  }

  private next(): { type: string; text: string } | undefined {
    const header = this.started ? 1 : 0
    if (this.rest.length < header + 4) return undefined
    const end = header + this.rest.readInt32BE(header)
    if (this.rest.length < end) return undefined
    const type = this.started ? String.fromCharCode(this.rest[0]!) : 'startup'
    // Only short messages are of interest as text; COPY data is long.
    const text = end < 64 ? this.rest.toString('latin1', header + 4, end - 1) : ''
    this.rest = this.rest.subarray(end)
    this.started = true
    return { type, text }
  }
}
