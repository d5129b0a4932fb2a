import { readFileSync } from 'node:fs'
import type { IncomingMessage, Server } from 'node:http'
import { createSecureContext, type Server as TlsServer } from 'node:tls'
import type { NestApplicationOptions } from '@nestjs/common'
import { ConfigurationError, watchFiles, type TlsSettings } from '@catena/platform'

/** A client must have sent its headers by then, ms. */
const HEADERS_TIMEOUT_MS = 10_000
/** And its whole request, ms: 16 MiB over a slow line. */
const REQUEST_TIMEOUT_MS = 120_000
/** How often the two are looked at, ms: a slow client is ended that much later. */
const SLOW_LOOK_MS = 2_000
/** How long whoever was answered before all was read may go on sending, ms: long enough to read the answer. */
const SEND_ON_MS = 1_000
/** Connections at once. */
const CONNECTIONS_MAX = 2_000
const HEADERS_MAX = 100
/** How often the files of a certificate are looked at, ms. */
const CERTIFICATE_LOOK_MS = 60_000

export interface ServerBounds {
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly slowLookMs: number
  readonly sendOnMs: number
  readonly certificateLookMs: number
}

const BOUNDS: ServerBounds = {
  headersTimeoutMs: HEADERS_TIMEOUT_MS,
  requestTimeoutMs: REQUEST_TIMEOUT_MS,
  slowLookMs: SLOW_LOOK_MS,
  sendOnMs: SEND_ON_MS,
  certificateLookMs: CERTIFICATE_LOOK_MS,
}

/**
 * Clients are asked for a certificate where authorities are named; who has none may still bring a token. Throws ConfigurationError where the files
 * are not there or do not fit each other.
 */
export function readTls(tls: TlsSettings): NonNullable<NestApplicationOptions['httpsOptions']> {
  const asked = tls.clientCaFile === undefined ? {} : { requestCert: true, rejectUnauthorized: false }
  try {
    const files = readFiles(tls)
    createSecureContext(files)
    return { ...files, ...asked }
  } catch (error) {
    const { message } = error as Error
    throw new ConfigurationError('access.tls', [
      `cannot be used (${message}): check cert_file, key_file and client_ca_file`,
    ])
  }
}

/** Bounds slow clients, and takes certificates and authorities that were exchanged without a restart. Call it before the server listens. */
export function guardServer(
  server: Server,
  tls: TlsSettings | undefined,
  bounds: ServerBounds = BOUNDS,
): { stop(): void } {
  server.headersTimeout = bounds.headersTimeoutMs
  server.requestTimeout = bounds.requestTimeoutMs
  server.maxHeadersCount = HEADERS_MAX
  server.maxConnections = CONNECTIONS_MAX
  // An option of the constructor, which is Nest's; read when the server begins to listen.
  ;(server as unknown as { connectionsCheckingInterval: number }).connectionsCheckingInterval = bounds.slowLookMs
  server.on('request', (asked, response) => void response.once('finish', () => endUnread(asked, bounds.sendOnMs)))
  if (tls === undefined) return { stop: () => undefined }
  // Where half of it was exchanged this throws, and the old one goes on until the files fit.
  const take = (): void => (server as unknown as TlsServer).setSecureContext(readFiles(tls))
  return watchFiles(filesOf(tls), bounds.certificateLookMs, take)
}

/** A body that nobody wants is read off for a moment, so that its sender reads the answer, and then cut off. */
function endUnread(asked: IncomingMessage, sendOnMs: number): void {
  if (asked.complete) return
  const { socket } = asked.resume()
  setTimeout(() => {
    if (!asked.complete) socket.destroy()
  }, sendOnMs).unref()
}

/** All of them at each exchange: what is left out of a context counts for nothing, and then no client's certificate would. */
function readFiles({ certFile, keyFile, clientCaFile }: TlsSettings) {
  const ca = clientCaFile === undefined ? {} : { ca: readFileSync(clientCaFile) }
  return { cert: readFileSync(certFile), key: readFileSync(keyFile), ...ca }
}

function filesOf({ certFile, keyFile, clientCaFile }: TlsSettings): string[] {
  return [certFile, keyFile, ...(clientCaFile === undefined ? [] : [clientCaFile])]
}
