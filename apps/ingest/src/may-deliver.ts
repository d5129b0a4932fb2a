import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { Callers } from '@catena/callers'
import { correlationId } from '@catena/platform'

/**
 * May whoever sends a request deliver records of this source? By a bearer token with the role ingest that is not limited to other sources,
 * or by a client certificate that is configured for it. A browser's cookie does not count: pages deliver nothing.
 * What is refused to somebody known is recorded.
 */
export async function mayDeliver(
  { identify, access, recordDenial }: Pick<Callers, 'identify' | 'access' | 'recordDenial'>,
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  source: string,
): Promise<boolean> {
  const name = certificateNameOf(request)
  if (name !== undefined && access.tls?.clients.get(name)?.includes(source) === true) return true
  if (request.headers.authorization === undefined) return false
  const { authorization } = request.headers
  const caller = await identify({ headers: { authorization } })
  if (caller === undefined) return false
  if (caller.roles.includes('ingest') && (caller.sources === undefined || caller.sources.includes(source))) return true
  await recordDenial({ caller: caller.id, operation: undefined, fields: ['deliver records'], request: correlationId() })
  return false
}

/** Of a client certificate that the configured authorities vouch for. */
function certificateNameOf({ socket }: Pick<IncomingMessage, 'socket'>): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const { CN: name } = socket.getPeerCertificate().subject
  return typeof name === 'string' ? name : undefined
}
