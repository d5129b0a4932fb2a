import { hash } from 'node:crypto'
import type { Callers } from '@catena/callers'
import type { Caller } from '@catena/domain'
import { correlationId, type Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { CALLERS, INSTANCE, LOGGER, READER, type Instance } from '@catena/runtime'
import { BadQuestion, CursorExpired, CursorOfAnother, feedSignal, FORMATS, pull, PULL_FIELD, readQuestion, withinSources, type PullAnswer, type PullDesk, type PullQuestion } from '@catena/siem' // prettier-ignore
import { Controller, Get, HttpException, Inject, Query, Req, Res, type OnApplicationShutdown } from '@nestjs/common'
import type { Request, Response } from 'express'
import { pullReaders, type PullReaders } from './pull-readers.js'

/** `GET /v1/events`: the feed by pull. Lines of the format, and what is around them in headers; with `Accept: application/json` one object. */
@Controller('v1/events')
export class EventsController implements OnApplicationShutdown {
  private readonly desk: PullDesk
  private readonly readers: PullReaders
  private readonly sources: readonly string[]

  constructor(
    @Inject(INSTANCE) instance: Instance,
    @Inject(READER) reader: AccessReader,
    @Inject(CALLERS) private readonly callers: Callers,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.readers = pullReaders(instance, reader, logger)
    const { readers } = this.readers
    this.desk = { pool: reader.pool, signal: feedSignal(instance.databaseUrl), readers, cursorKey: instance.keyFor('pull cursor') } // prettier-ignore
    this.sources = instance.configuration.sources.map(({ id }) => id)
  }

  @Get()
  async read(@Query() query: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    const caller = await this.readerOf(request)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    try {
      const question = withinSources(readQuestion(query, this.sources), caller.sources)
      const isObject = wantsObject(request) && question.format !== 'cef'
      const answer = await pull(this.desk, { ...question, joint: isObject ? ',' : '\n' }, caller.id, gone.signal)
      await this.noteRead(caller, request, answer)
      if (isObject) sendObject(response, answer)
      else sendLines(response, question, answer)
    } catch (error) {
      throw asHttp(error)
    }
  }

  /** In the ledger before anything leaves, as what GraphQL shows is. Machines that only pass the feed on are known by their tokens. */
  private async noteRead(caller: Caller, request: Request, { tells }: PullAnswer): Promise<void> {
    if (tells === undefined || (caller.kind === 'machine' && caller.roles.includes('export'))) return
    await this.callers.recordRead({
      caller: caller.id,
      operation: undefined,
      queryHash: hash('sha256', new URL(request.originalUrl, 'http://catena').search, 'hex'),
      fields: [PULL_FIELD],
      shown: [`FeedEvents:${tells.first}-${tells.last}`],
      request: correlationId(),
    })
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.desk.signal.close(), this.readers.stop()])
  }

  /** Where the caller's identity and rights enter: machines with the role `export`, and people who may see everything. */
  private async readerOf(request: Request): Promise<Caller> {
    const caller = await this.callers.identify(request)
    if (caller === undefined) throw new HttpException({ error: 'unauthenticated', message: 'say who you are: send a token' }, 401) // prettier-ignore
    if (caller.roles.some((role) => READERS.includes(role))) return caller
    await this.callers.recordDenial({ caller: caller.id, operation: undefined, fields: [PULL_FIELD], request: correlationId() }) // prettier-ignore
    throw new HttpException({ error: 'forbidden', message: 'the role export is needed to read the feed' }, 403)
  }
}

const READERS: readonly Caller['roles'][number][] = ['export', 'auditor', 'security-engineer']

const [LINE_FEED, COMMA] = [Buffer.from('\n'), Buffer.from(',')]

function wantsObject(request: Request): boolean {
  return request.accepts(['application/x-ndjson', 'application/json']) === 'application/json'
}

function sendLines(response: Response, question: PullQuestion, answer: PullAnswer): void {
  response.setHeader('content-type', question.format === 'cef' ? 'text/plain; charset=utf-8' : 'application/x-ndjson')
  response.setHeader('catena-cursor', answer.cursor)
  response.setHeader('catena-has-more', String(answer.hasMore))
  response.setHeader('catena-high-watermark', answer.highWatermark)
  response.setHeader('catena-oldest-available', answer.oldestAvailable)
  if (answer.withheld.length > 0) response.setHeader('catena-withheld', answer.withheld.join(','))
  response.setHeader('catena-format-version', FORMATS[question.format].version)
  send(
    response,
    answer.pieces.flatMap((piece) => [piece, LINE_FEED]),
  )
}

function sendObject(response: Response, { pieces, cursor, hasMore, highWatermark, oldestAvailable, withheld }: PullAnswer): void {
  const rest = { cursor, has_more: hasMore, high_watermark: highWatermark, oldest_available: oldestAvailable, withheld }
  response.setHeader('content-type', 'application/json')
  const joined = pieces.flatMap((piece, index) => (index === 0 ? [piece] : [COMMA, piece]))
  send(response, [Buffer.from('{"events":['), ...joined, Buffer.from(`],${JSON.stringify(rest).slice(1)}`)])
} // prettier-ignore

/** As they are, without copying them into one: what is written in one turn leaves together. */
function send(response: Response, pieces: readonly Uint8Array[]): void {
  response.setHeader('content-length', pieces.reduce((sum, { length }) => sum + length, 0))
  for (const piece of pieces) response.write(piece)
  response.end()
} // prettier-ignore

/** The one place where a refusal becomes an HTTP status. */
function asHttp(error: unknown): unknown {
  if (error instanceof BadQuestion) return new HttpException({ error: 'bad-question', message: error.message }, 400)
  if (error instanceof CursorOfAnother) return new HttpException({ error: 'cursor-of-another', message: error.message }, 403) // prettier-ignore
  if (error instanceof CursorExpired) return new HttpException({ error: 'cursor-expired', message: error.message, oldest_available: error.oldestAvailable }, 410) // prettier-ignore
  return error
}
