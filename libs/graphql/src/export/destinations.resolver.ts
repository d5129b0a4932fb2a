import type { Caller, Instant } from '@catena/domain'
import { cutAt } from '@catena/ledger'
import type { ReplayFrom } from '@catena/siem'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { CurrentCaller } from '../caller/current-caller.js'
import { toResult } from '../commands/refused.model.js'
import { badInput } from '../errors/api-error.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, type PlaceForm } from '../paging/page-arguments.js'
import { DateTime, Position } from '../scalars/index.js'
import { ChangeDestination, ListDeadLetters, ListDestinations, TestDestination, type DestinationAction } from './ask-export-desk.js' // prettier-ignore
import {
  ChangeDestinationResult,
  ExportDeadLetterConnection,
  ExportDestination,
  ExportDestinationConnection,
  ExportTest,
  TestDestinationResult,
} from './destination.model.js'
import { toDeadLetter, toDestination } from './to-destination.js'

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/
const NAME_PLACE: PlaceForm = [NAME]
const ENTRY_PLACE: PlaceForm = [/^\d{1,15}$/]
/** Destinations are shown as they stand, whatever the state of knowledge. */
const NOW = { cut: cutAt(0), position: 0 }
const ID_ARGUMENT = { type: () => ID, description: 'Name of the destination.' }

@Allow('operator', 'security-engineer')
@Resolver(() => ExportDestination)
export class ExportResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Allow('operator', 'security-engineer', 'auditor')
  @Query(() => ExportDestinationConnection, {
    description:
      'Where the feed is sent, with status and backlog, as it stands at this moment. They are added at the command line.',
  })
  async exportDestinations(@Args() args: PageArguments): Promise<ExportDestinationConnection> {
    const list = listName('exportDestinations', null)
    const page = await this.queries.execute(new ListDestinations(pageRequest(args, list, NAME_PLACE)))
    return toConnection(page, args, { asOf: NOW, list }, toDestination)
  }

  @Allow('operator', 'security-engineer', 'auditor')
  @Query(() => ExportDeadLetterConnection, { description: 'Events that destinations refused for good.' })
  async exportDeadLetters(
    @Args('destination', { type: () => ID, nullable: true, description: 'Of this one; left out: of all.' })
    destination: string | null | undefined,
    @Args() args: PageArguments,
  ): Promise<ExportDeadLetterConnection> {
    const list = listName('exportDeadLetters', destination ?? null)
    const request = pageRequest(args, list, ENTRY_PLACE)
    const page = await this.queries.execute(new ListDeadLetters(destination ?? undefined, request))
    return toConnection(page, args, { asOf: NOW, list }, toDeadLetter)
  }

  @Mutation(() => ChangeDestinationResult, { description: 'Sends nothing until it is resumed; the backlog is kept.' })
  pauseExport(@Args('id', ID_ARGUMENT) id: string, @CurrentCaller() caller: Caller) {
    return this.change(id, { do: 'PauseDestination' }, caller)
  }

  @Mutation(() => ChangeDestinationResult, { description: 'Sends again, from where it stopped.' })
  resumeExport(@Args('id', ID_ARGUMENT) id: string, @CurrentCaller() caller: Caller) {
    return this.change(id, { do: 'ResumeDestination' }, caller)
  }

  @Mutation(() => ChangeDestinationResult, {
    description: 'Sends again everything from a place on, under the same ids. Give `after` or `since`.',
  })
  replayExport(
    @Args('id', ID_ARGUMENT) id: string,
    @Args('after', { type: () => Position, nullable: true, description: 'Everything behind this sequence; 0: all.' })
    after: number | null | undefined,
    @Args('since', { type: () => DateTime, nullable: true, description: 'Everything that the feed took from then on.' })
    since: Instant | null | undefined,
    @CurrentCaller() caller: Caller,
  ) {
    return this.change(id, { do: 'Replay', from: replayFrom(after ?? undefined, since ?? undefined) }, caller)
  }

  @Mutation(() => TestDestinationResult, {
    description: 'Sends one test message now, by a connection of its own, and shows the exact line.',
  })
  async testExport(@Args('id', ID_ARGUMENT) id: string) {
    const report = await this.commands.execute(new TestDestination(named(id)))
    return toResult(report, ({ line, fault }) => Object.assign(new ExportTest(), { line, fault: fault ?? null }))
  }

  private async change(id: string, action: DestinationAction, caller: Caller) {
    return toResult(await this.commands.execute(new ChangeDestination(named(id), action, caller)), toDestination)
  }
}

function named(id: string): string {
  if (!NAME.test(id)) throw badInput('take the name of the destination from the list')
  return id
}

function replayFrom(after: number | undefined, since: Instant | undefined): ReplayFrom {
  if (after !== undefined && since === undefined) return { after }
  if (since !== undefined && after === undefined) return { since }
  throw badInput('give `after` or `since`, and one of them only')
}
