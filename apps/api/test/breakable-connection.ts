import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a database that can be cut, as when its server or the network goes away. */
export interface BreakableConnection {
  readonly databaseUrl: string
  /** Cuts every connection and refuses new ones. */
  break(): Promise<void>
  mend(): Promise<void>
}

export async function breakable(databaseUrl: string): Promise<BreakableConnection> {
  const url = new URL(databaseUrl)
  const [host, port] = [url.hostname, Number(url.port)]
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect({ host, port })
    for (const socket of [near, far]) {
      sockets.add(socket)
      // As the driver and the server have it; otherwise what is sent in pieces waits 40 ms for an acknowledgement.
      socket.setNoDelay(true)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  const listen = async (at: number): Promise<void> => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const { port: ownPort } = server.address() as AddressInfo
  url.hostname = '127.0.0.1'
  url.port = String(ownPort)
  return {
    databaseUrl: url.href,
    mend: () => listen(ownPort),
    break: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
