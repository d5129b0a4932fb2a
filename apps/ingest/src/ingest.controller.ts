import { Controller, HttpException, Inject, Param, Post, Req, Res, HttpCode } from '@nestjs/common'
import type { Callers } from '@catena/callers'
import { connectorFor, unsignedIn, verifyGithubSignature, wrapDelivery } from '@catena/connectors'
import { receive, RequestRejected, type HttpDoor, type HttpReceipt, type RejectionCode } from '@catena/ingest'
import { LedgerUnavailable } from '@catena/ledger'
import { isTransient } from '@catena/platform'
import { CALLERS, INSTANCE, piecesOf, type Instance } from '@catena/runtime'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { mayDeliver } from './may-deliver.js'

/** The one place where a refusal becomes an HTTP status. */
const STATUS: Readonly<Record<RejectionCode, number>> = {
  unauthenticated: 401,
  'unknown-source': 404,
  'wrong-source': 422,
  'bad-signature': 401,
  'body-too-large': 413,
  'unsupported-encoding': 415,
  'bad-encoding': 400,
  'not-json': 400,
}

/** Seconds after which a sender should try again when the ledger is away. */
const RETRY_AFTER_SECONDS = 5

/** `POST /ingest/<source>`: NDJSON, a JSON array, one object or a webhook; answers after the commit. */
@Controller('ingest')
export class IngestController {
  private readonly door: HttpDoor

  constructor(
    @Inject(INSTANCE) { configuration, keys, ledger }: Instance,
    @Inject(CALLERS) private readonly callers: Callers,
  ) {
    this.door = {
      ledger,
      keys,
      connectorFor,
      sourceOf: (id) => configuration.sources.find((source) => source.id === id),
      sourceIds: configuration.sources.map(({ id }) => id),
      webhookSecretsOf: (id) => configuration.webhookSecrets.get(id)?.read(),
      verifySignature: verifyGithubSignature,
      wrapDelivery,
      unsignedIn,
    }
  }

  @Post(':source')
  @HttpCode(200)
  async take(
    @Param('source') source: string,
    @Req() request: IncomingMessage,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<HttpReceipt> {
    try {
      const isEntitled = await mayDeliver(this.callers, request, source)
      return await receive(this.door, { source, headers: request.headers, body: piecesOf(request), isEntitled })
    } catch (error) {
      if (isTransient(error) || error instanceof LedgerUnavailable)
        response.setHeader('Retry-After', RETRY_AFTER_SECONDS)
      throw asHttp(error)
    }
  }
}

function asHttp(error: unknown): unknown {
  if (error instanceof RequestRejected)
    return new HttpException({ error: error.code, message: error.message }, STATUS[error.code])
  // Who sends it is asked of the same database.
  if (!(error instanceof LedgerUnavailable) && isTransient(error)) return asHttp(new LedgerUnavailable(error))
  if (error instanceof LedgerUnavailable) {
    return new HttpException(
      {
        error: 'unavailable',
        message:
          'the database does not answer: send the same request again; what of it is stored already is then a duplicate',
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      },
      503,
    )
  }
  return error
}
