import type { Caller } from '@catena/domain'
import type { FindingEntry } from '@catena/governance'
import type { KnownAsOf } from '@catena/projections'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { Args, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { CurrentCaller } from '../caller/current-caller.js'
import { requirePlain } from '../chains/fact-filter.js'
import { toResult } from '../commands/refused.model.js'
import { badInput } from '../errors/api-error.js'
import { Evidence } from '../evidence/evidence.model.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, type PlaceForm } from '../paging/page-arguments.js'
import { DecideFinding, type FindingAction } from './decide-finding.js'
import {
  ControlFinding,
  FindingChanged,
  ControlFindingConnection,
  FindingQuery,
  FindingResult,
} from './finding.model.js'
import { ListFindings } from './list-findings.js'

const FINDING_PLACE: PlaceForm = [/^[1-4]$/, /^\d{1,16}$/]
const ID_ARGUMENT = { name: 'id', type: () => ID, description: 'The finding.' } as const

@Allow('auditor', 'security-engineer')
@Resolver(() => Evidence)
export class FindingsResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @ResolveField(() => ControlFindingConnection, {
    description: 'Controls that fail, or failed. Those of earlier cuts stand as they stood then.',
  })
  async findings(
    @Parent() { asOf }: Evidence,
    @Args('filter', { type: () => FindingQuery, nullable: true, description: 'Which findings; left out: all.' })
    filter: FindingQuery | null | undefined,
    @Args() args: PageArguments,
  ): Promise<ControlFindingConnection> {
    const { state, severity, control, credential } = filter ?? {}
    requirePlain(control)
    if (credential != null && !/^[0-9a-f]{32}$/.test(credential)) throw badInput('take the id of the credential from an answer') // prettier-ignore
    const list = listName('findings', filter ?? {})
    const request = pageRequest(args, list, FINDING_PLACE)
    const narrowed = {
      status: state ?? undefined,
      severity: severity ?? undefined,
      control: control ?? undefined,
      credential: credential ?? undefined,
    }
    const page = await this.queries.execute(new ListFindings(asOf, narrowed, request))
    return toConnection(page, args, { asOf, list }, (entry) => toFinding(asOf, entry))
  }

  @Allow('security-engineer')
  @Mutation(() => FindingResult, { description: 'Says who works on an open finding.' })
  assignFinding(
    @Args(ID_ARGUMENT) id: string,
    @Args('to', { type: () => String, description: 'Who.' }) to: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return this.decide(id, { do: 'AssignFinding', to }, caller)
  }

  @Allow('security-engineer')
  @Mutation(() => FindingResult, { description: 'Adds a comment to a finding. It closes when the facts say so.' })
  commentFinding(
    @Args(ID_ARGUMENT) id: string,
    @Args('text', { type: () => String, description: 'The comment.' }) text: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return this.decide(id, { do: 'CommentFinding', text }, caller)
  }

  private async decide(id: string, action: FindingAction, caller: Caller): Promise<object> {
    const answer = await this.commands.execute(new DecideFinding(id, action, caller))
    return toResult(answer, ({ position }) => Object.assign(new FindingChanged(), { id, position }))
  }
}

function toFinding(
  asOf: KnownAsOf,
  { status, closedAt, assignedTo, witnesses, ...entry }: FindingEntry,
): ControlFinding {
  const more = { closedAt: closedAt ?? null, assignedTo: assignedTo ?? null }
  return { ...entry, ...more, state: status, positions: witnesses, asOf }
}
