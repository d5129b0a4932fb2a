import { listReads, type ListedRead } from '@catena/callers'
import type { Instant } from '@catena/domain'
import { cutAt } from '@catena/ledger'
import type { Page, PageRequest } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Query as Question, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'
import { Args, Field, InputType, ObjectType, Query, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { requirePlain } from '../chains/fact-filter.js'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { connectionTypeOf, toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, type PlaceForm } from '../paging/page-arguments.js'
import { DateTime, Position } from '../scalars/index.js'

const READ_PLACE: PlaceForm = [/^\d{1,15}$/]
/** Reads are shown as they stand, whatever the state of knowledge. */
const NOW = { cut: cutAt(0), position: 0 }

@ObjectType({ description: 'Somebody was shown evidence, or was told that there is none.' })
export class EvidenceReading {
  @Field(() => Position, { description: 'Of its event in the ledger.' })
  readonly position!: number

  @Field(() => String, { description: 'Who read.' })
  readonly caller!: string

  @Field(() => DateTime, { description: 'When.' })
  readonly at!: Instant

  @Field(() => String, { nullable: true, description: 'The name that the client gave its operation.' })
  readonly operation!: string | null

  @Field(() => String, { description: 'SHA-256 of the text of the query, hex. Its arguments are not kept.' })
  readonly queryHash!: string

  @Field(() => [String], { description: 'Fields of the schema that led to evidence.' })
  readonly fields!: readonly string[]

  @Field(() => [String], { description: 'What was shown, as `<type>:<id>`.' })
  readonly shown!: readonly string[]

  @Field(() => String, { nullable: true, description: 'Id of the request, as in the log.' })
  readonly request!: string | null
}

@ObjectType({ description: 'A page of reads, newest first.' })
export class EvidenceReadingConnection extends connectionTypeOf('EvidenceReading', 'reads', () => EvidenceReading) {}

@InputType({ description: 'Which reads; every member narrows.' })
export class EvidenceReadingFilter {
  @Field(() => String, { nullable: true, description: 'By this caller.' })
  readonly caller?: string | null

  @Field(() => String, { nullable: true, description: 'That were shown this, e.g. `EvidenceRecord:4711`.' })
  readonly shown?: string | null
}

export class ListReads extends Question<Page<ListedRead>> {
  constructor(
    readonly filter: { readonly caller: string | undefined; readonly shown: string | undefined },
    readonly request: PageRequest,
  ) {
    super()
  }
}

@QueryHandler(ListReads)
export class ListReadsHandler implements IQueryHandler<ListReads> {
  constructor(@Inject(DECISIONS) private readonly desk: DecisionDesk) {}

  execute({ filter, request }: ListReads): Promise<Page<ListedRead>> {
    return listReads(this.desk.pool, filter, request)
  }
}

@Resolver(() => EvidenceReading)
export class ReadsResolver {
  constructor(private readonly queries: QueryBus) {}

  @Allow('auditor')
  @Query(() => EvidenceReadingConnection, { description: 'Who was shown which evidence, newest first.' })
  async evidenceReads(
    @Args('filter', { type: () => EvidenceReadingFilter, nullable: true, description: 'Which reads; left out: all.' })
    filter: EvidenceReadingFilter | null | undefined,
    @Args() args: PageArguments,
  ): Promise<EvidenceReadingConnection> {
    const list = listName('evidenceReads', filter ?? {})
    const narrowed = { caller: filter?.caller ?? undefined, shown: filter?.shown ?? undefined }
    requirePlain(narrowed.caller)
    requirePlain(narrowed.shown)
    const page = await this.queries.execute(new ListReads(narrowed, pageRequest(args, list, READ_PLACE)))
    return toConnection(page, args, { asOf: NOW, list }, (read) => ({
      ...read,
      operation: read.operation ?? null,
      request: read.request ?? null,
    }))
  }
}
