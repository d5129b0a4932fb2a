import { readFileSync, statSync } from 'node:fs'
import type { Server } from 'node:http'
import type { Server as TlsServer } from 'node:tls'
import type { NestApplicationOptions } from '@nestjs/common'
import type { TlsSettings } from '@catena/platform'

/** A client must have sent its headers by then, ms. */
const HEADERS_TIMEOUT_MS = 10_000
/** And its whole request, ms: 16 MiB over a slow line. */
const REQUEST_TIMEOUT_MS = 120_000
/** Connections at once. */
const CONNECTIONS_MAX = 2_000
const HEADERS_MAX = 100
/** How often the files of a certificate are looked at, ms. */
const CERTIFICATE_LOOK_MS = 60_000

/** Clients are asked for a certificate where authorities are named; who has none may still bring a token. */
export function readTls({
  certFile,
  keyFile,
  clientCaFile,
}: TlsSettings): NonNullable<NestApplicationOptions['httpsOptions']> {
  const ca =
    clientCaFile === undefined ? {} : { ca: readFileSync(clientCaFile), requestCert: true, rejectUnauthorized: false }
  return { cert: readFileSync(certFile), key: readFileSync(keyFile), ...ca }
}

/** Bounds slow clients, and takes a certificate that was exchanged without a restart. */
export function guardServer(server: Server, tls: TlsSettings | undefined): { stop(): void } {
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.maxHeadersCount = HEADERS_MAX
  server.maxConnections = CONNECTIONS_MAX
  if (tls === undefined) return { stop: () => undefined }
  let known = ageOf(tls)
  const timer = setInterval(() => {
    const age = ageOf(tls)
    if (age === known) return
    known = age
    try {
      ;(server as unknown as TlsServer).setSecureContext({
        cert: readFileSync(tls.certFile),
        key: readFileSync(tls.keyFile),
      })
    } catch {
      // Half of it was exchanged: the old one goes on until both files fit.
      known = ''
    }
  }, CERTIFICATE_LOOK_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

function ageOf({ certFile, keyFile }: TlsSettings): string {
  return [certFile, keyFile].map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0).join(' ')
}
