import type { Instant } from '@catena/domain'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { ApiError } from '../errors/api-error.js'
import { readCursor } from '../paging/cursor.js'

export interface AsOfRequest {
  readonly validAt?: Instant | null
  readonly knownAt?: string | null
}

/** Which state of knowledge answers: the one asked for, the one that the cursors continue, or all that is known now. */
export class EstablishEvidence extends Query<KnownAsOf> {
  constructor(
    readonly asked: AsOfRequest,
    readonly cursors: readonly string[],
  ) {
    super()
  }
}

@QueryHandler(EstablishEvidence)
export class EstablishEvidenceHandler implements IQueryHandler<EstablishEvidence> {
  constructor(private readonly reader: AccessReader) {}

  execute({ asked, cursors }: EstablishEvidence): Promise<KnownAsOf> {
    return this.reader.asOf(stateOf(asked, cursors))
  }
}

/** One answer never mixes two states of knowledge. Throws BAD_CURSOR. */
function stateOf(asked: AsOfRequest, cursors: readonly string[]): { knownAt?: string; validAt?: Instant } {
  let state = given(asked)
  let continued: { cut: string; validAt: Instant | undefined } | undefined
  for (const { cut, validAt } of cursors.map(readCursor)) {
    const differs = continued !== undefined && (continued.cut !== cut || continued.validAt !== validAt)
    const contradicts =
      (state.knownAt !== undefined && state.knownAt !== cut) || (asked.validAt != null && asked.validAt !== validAt)
    if (differs || contradicts)
      throw new ApiError(
        'BAD_CURSOR',
        'this cursor continues another state of knowledge: leave asOf out, or repeat the one of its first page',
      )
    continued = { cut, validAt }
    state = { knownAt: cut, ...(validAt === undefined ? {} : { validAt }) }
  }
  return state
}

function given({ knownAt, validAt }: AsOfRequest): { knownAt?: string; validAt?: Instant } {
  return { ...(knownAt == null ? {} : { knownAt }), ...(validAt == null ? {} : { validAt }) }
}
