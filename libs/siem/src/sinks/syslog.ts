import { createSocket, type Socket as DatagramSocket, type SocketType } from 'node:dgram'
import { once } from 'node:events'
import { connect as connectTcp, isIPv6, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { withTimeLimit, type Resolve } from '@catena/platform'
import { pinnedAddress } from './pinned-address.js'
import { allDelivered, ReceiverUnavailable, type ItemResult, type Outgoing, type Sink } from './sink.js'
import { octetCounted, syslogMessage } from './syslog-frame.js'
import type { TlsFiles } from './tls-files.js'

/**
 * Syslog has no acknowledgement: what lay in the buffers of both machines when a connection broke may be lost. So many events are sent again;
 * at 1 kB each that is more than Linux buffers by default on both sides (4 MB to send, 6 MB to receive).
 */
export const SYSLOG_RESEND = 10_000
const CONNECT_TIMEOUT_MS = 10_000
/** With TLS 1.3 a connection stands before the receiver has looked at the client's certificate; so long it may still turn it away. */
const REFUSAL_WAIT_MS = 300

export interface SyslogTarget {
  readonly host: string
  readonly port: number
  readonly transport: 'tls' | 'tcp' | 'udp'
  readonly tls: TlsFiles
  /** The system's, where none is given. */
  readonly resolve?: Resolve
}

export function openSyslog(target: SyslogTarget): Sink {
  return target.transport === 'udp' ? openUdp(target) : openStream(target)
}

/** RFC 5425 (TLS) and RFC 6587 (TCP), with octet counting: a line feed inside a message ends nothing. */
function openStream(target: SyslogTarget): Sink {
  const name = hostname()
  let socket: Socket | undefined
  const forget = (): void => {
    socket?.destroy()
    socket = undefined
  }
  // Never opened again in silence: what the lost connection carried is sent again first.
  const requireConnected = (): void => {
    if (socket?.writable !== false) return
    forget()
    throw new ReceiverUnavailable('the receiver closed the connection')
  }
  return {
    unacknowledgedMax: SYSLOG_RESEND,
    requireConnected,
    send: async (batch, signal) => {
      requireConnected()
      try {
        socket ??= await opened(target, signal)
        await written(socket, octetCounted(batch, name), signal)
      } catch (error) {
        forget()
        throw error
      }
      return allDelivered(batch)
    },
    close: async () => {
      const closing = socket
      socket = undefined
      if (closing === undefined || closing.destroyed) return
      await new Promise<void>((resolve) => closing.end(resolve))
      closing.destroy()
    },
  }
}

/** Collectors stand in private networks; where clouds serve their credentials stands none. */
function addressOf(host: string, resolve: Resolve | undefined): Promise<string> {
  return pinnedAddress(host, true, resolve)
}

async function opened({ host, port, transport, tls, resolve }: SyslogTarget, signal: AbortSignal): Promise<Socket> {
  const address = await addressOf(host, resolve)
  const socket =
    transport === 'tls'
      ? connectTls({ host: address, port, ...tls, servername: tls.servername ?? host, minVersion: 'TLSv1.2', rejectUnauthorized: true })
      : connectTcp({ host: address, port })
  socket.setKeepAlive(true, 10_000)
  // A batch does not wait for the receiver to acknowledge the one before.
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  // A receiver says nothing; whatever it sends is read, so that its end of the connection is noticed.
  socket.resume()
  socket.on('end', () => socket.destroy())
  const stands = transport === 'tls' ? 'secureConnect' : 'connect'
  await withTimeLimit(CONNECT_TIMEOUT_MS, signal, (signal) => settled(socket, stands, signal))
  if (transport === 'tls') await unrefused(socket)
  return socket
} // prettier-ignore

/** Resolves when the receiver kept the connection for a while. */
function unrefused(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let reason = 'the receiver closed the connection at once: does it want another certificate of the client?'
    const refuse = (): void => reject(new ReceiverUnavailable(reason))
    socket.once('error', (error) => (reason = error.message))
    socket.once('close', refuse)
    setTimeout(() => {
      socket.off('close', refuse)
      resolve()
    }, REFUSAL_WAIT_MS)
  })
}

/** The signal is of the opening alone: what stands is not ended by it later. */
async function settled(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  try {
    await once(socket, event, { signal })
  } catch (error) {
    socket.destroy()
    throw new ReceiverUnavailable(signal.aborted ? 'the receiver did not answer in time' : (error as Error).message)
  }
}

/** Resolves when the operating system has all of it. */
function written(socket: Socket, bytes: Buffer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => void socket.destroy(new Error('the receiver takes nothing'))
    signal.addEventListener('abort', abort, { once: true })
    socket.write(bytes, (error) => {
      signal.removeEventListener('abort', abort)
      if (error) reject(new ReceiverUnavailable(`the connection broke: ${error.message}`))
      else resolve()
    })
  })
}

/** RFC 5426: one message a datagram. Whatever is lost stays lost; for loopback and receivers that know nothing else. */
function openUdp({ host, port, resolve }: SyslogTarget): Sink {
  const name = hostname()
  const sockets = new Map<SocketType, DatagramSocket>()
  const socketFor = (address: string): DatagramSocket => {
    const type = isIPv6(address) ? 'udp6' : 'udp4'
    const socket = sockets.get(type) ?? createSocket(type)
    sockets.set(type, socket)
    return socket
  }
  const sendOne = (one: Outgoing, address: string): Promise<ItemResult> =>
    new Promise((done, reject) => {
      socketFor(address).send(syslogMessage(one, name), port, address, (error) => {
        if (error === null) done('delivered')
        else if ((error as NodeJS.ErrnoException).code === 'EMSGSIZE') done({ refused: 'larger than a datagram' })
        else reject(new ReceiverUnavailable(error.message))
      })
    })
  return {
    unacknowledgedMax: 0,
    send: async (batch) => {
      const results: ItemResult[] = []
      const address = await addressOf(host, resolve)
      for (const one of batch) results.push(await sendOne(one, address))
      return results
    },
    close: async () => {
      await Promise.all([...sockets.values()].map((socket) => new Promise<void>((closed) => socket.close(closed))))
      sockets.clear()
    },
  }
}
