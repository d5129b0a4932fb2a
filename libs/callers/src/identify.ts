import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '@catena/domain'

/** What a request tells of who sent it. */
export interface AskingRequest {
  readonly headers: IncomingHttpHeaders
}

/** Who sent a request; undefined: it carries nothing that tells, or what it carries is not valid (any more). */
export type IdentifyCaller = (request: AskingRequest) => Promise<Caller | undefined>
