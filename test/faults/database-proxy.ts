import { createServer, connect, type Socket } from 'node:net'

/** A TCP proxy before PostgreSQL that can hold transactions back and be away. */
export interface DatabaseProxy {
  /** The database's URL through the proxy. */
  readonly databaseUrl: string
  /** Nobody listens and every connection is cut, until `comeBack`. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}

/** A simple query, as the manual's "Message Formats" has it: type, length, text, NUL. */
const BEGIN = Buffer.concat([Buffer.from('Q'), Buffer.from([0, 0, 0, 10]), Buffer.from('BEGIN\0')])

/** `atBegin` is asked before each transaction of an appender is let through, counted from 1 over all its connections. */
export async function databaseProxy(
  databaseUrl: string,
  atBegin: (number: number) => Promise<void> | undefined = () => undefined,
): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let begins = 0
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      const cut = (): void => {
        client.destroy()
        upstream.destroy()
        sockets.delete(socket)
      }
      socket.setNoDelay(true).on('error', cut).on('close', cut)
    }
    let appends: boolean | undefined
    client.on('data', (bytes) => {
      // The first message names the application.
      appends ??= bytes.includes('catena-append')
      const held = appends && bytes.equals(BEGIN) ? atBegin(++begins) : undefined
      if (held === undefined) upstream.write(bytes)
      else void held.then(() => upstream.write(bytes))
    })
    upstream.on('data', (bytes) => client.write(bytes))
  })
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  await listen(0)
  const { port } = server.address() as { port: number }
  const url = new URL(databaseUrl)
  url.port = String(port)
  const goAway = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  return { databaseUrl: url.toString(), goAway, comeBack: () => listen(port), close: goAway }
}
