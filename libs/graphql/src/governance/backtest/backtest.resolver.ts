import type { Instant } from '@catena/domain'
import { CONTROLS, type Trial } from '@catena/governance'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Context, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { Credential } from '../../credentials/credential.model.js'
import { badInput } from '../../errors/api-error.js'
import type { RequestLoaders } from '../../request-loaders.js'
import { DateTime } from '../../scalars/index.js'
import { Backtest, ParameterValueInput } from './backtest.model.js'
import { TryControl } from './try-control.js'

const DAY_MS = 86_400_000
/** Each look walks all chains of the credential: it counts like so many. */
const CHAINS_OF_A_LOOK = 10

@Allow('auditor', 'security-engineer')
@Resolver(() => Credential)
export class BacktestResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => Backtest, { description: 'Tries a control, as it is or with other parameters, over a past period. Over all credentials: `catena controls backtest`.' })
  async backtest(
    @Parent() { asOf, id }: Credential,
    @Args('control', { type: () => String, description: 'Id of the control.' }) control: string,
    @Args('from', { type: () => DateTime, description: 'First moment.' }) from: Instant,
    @Args('to', { type: () => DateTime, description: 'Last moment.' }) to: Instant,
    @Args('parameters', { type: () => [ParameterValueInput], defaultValue: [], description: 'Parameters that differ from the control’s own.' })
    parameters: readonly ParameterValueInput[],
    @Args('everyDays', { type: () => Int, defaultValue: 7, description: 'Longest time between two looks, 1 to 365 days.' }) everyDays: number,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<Backtest> {
    const trial = trialOf(control, parameters, { from, to, everyDays })
    loaders.spendChains(CHAINS_OF_A_LOOK * Math.ceil((to - from) / trial.stepMs))
    const { firings, lookedTo, looks } = await this.queries.execute(new TryControl(asOf, id, trial))
    const { 'not applicable': notApplicable, ...counts } = looks
    const told = firings.map((firing) => ({ ...firing, passedAt: firing.passedAt ?? null, until: firing.until ?? null }))
    return { firings: told, lookedTo, ...counts, notApplicable }
  }
} // prettier-ignore

interface Period {
  readonly from: Instant
  readonly to: Instant
  readonly everyDays: number
}

/** Throws BAD_USER_INPUT. */
function trialOf(id: string, given: readonly ParameterValueInput[], { from, to, everyDays }: Period): Trial {
  const control = CONTROLS.find((each) => each.id === id)
  if (control === undefined) throw badInput('there is no such control: docs/controls lists them')
  const strange = given.find(({ name }) => !Object.hasOwn(control.parameters, name))
  if (strange !== undefined) throw badInput(`${id} has ${Object.keys(control.parameters).join(', ') || 'no parameters'}`)
  if (given.some(({ value }) => !Number.isFinite(value) || value < 0)) throw badInput('a parameter is a number from 0 on')
  if (from >= to) throw badInput('`from` lies before `to`')
  if (everyDays < 1 || everyDays > 365) throw badInput('everyDays is 1 to 365')
  const values = Object.fromEntries(given.map(({ name, value }) => [name, value]))
  return { control, values, from, to, stepMs: everyDays * DAY_MS }
} // prettier-ignore
