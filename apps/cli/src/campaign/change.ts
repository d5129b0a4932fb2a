import { isPersonKey, isRefusal, type Decided, type Key, type Refusal } from '@catena/domain'
import {
  bare,
  commandCampaign,
  commandItems,
  loadCampaign,
  reiterateCampaign,
  signOffCampaign,
  type CampaignCommand,
  type Handled,
  type RecertificationDesk,
} from '@catena/recertification'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { lineOf } from './show.js'
import { agreed, decidedHere, withDesk } from './with-desk.js'

type Change =
  | Extract<CampaignCommand, { type: 'ExtendCampaign' | 'VoidCampaign' }>
  | { readonly type: 'SignOff'; readonly reason: string }
  | 'reiterate'

export async function changeCampaign(
  context: CliContext,
  id: string,
  change: Change,
  by: string | undefined,
): Promise<ExitCode> {
  return withDesk(context, async (desk) => {
    const decided = decidedHere(context, by)
    const handled = agreed(await changed(desk, id, change, decided))
    context.stdout.write(lineOf(await loadCampaign(desk, handled.id)))
    return EXIT.ok
  })
}

async function changed(desk: RecertificationDesk, id: string, change: Change, by: Decided): Promise<Handled | Refusal> {
  if (change === 'reiterate') return reiterateCampaign(desk, id, by)
  if (change.type === 'SignOff') return signOffCampaign(desk, id, change.reason, by)
  await refuseToAgree(desk, id, change)
  return commandCampaign(desk, id, change, by)
}

/** Who asks at a terminal is claimed, not checked: a second person agrees where it is. */
async function refuseToAgree(desk: RecertificationDesk, id: string, { type }: CampaignCommand): Promise<void> {
  const state = await loadCampaign(desk, id)
  if (type === 'VoidCampaign' && state.status !== 'draft' && state.voidAskedBy !== undefined)
    throw new CommandFailure(
      'it was asked for already: a second person agrees through the API, where who asks is checked',
    )
}

export async function reassignItems(
  context: CliContext,
  items: readonly string[],
  to: string,
  why: string,
  by: string | undefined,
): Promise<ExitCode> {
  // Nobody else reviews: what is no person's key would be nobody's work.
  if (!isPersonKey(to)) throw new CommandFailure(`${to} is no key of a person: write it as person:<system>:<id>`)
  return withDesk(context, async (desk) => {
    const key = to as Key
    const reviewer = (await desk.directory.identities([key], await desk.summary.newest())).get(key) ?? bare(key)
    const assign = ({ state }: { state: { stage: number } }) =>
      ({ type: 'Assign', stage: state.stage, reviewers: [reviewer], why }) as const
    const answer = await commandItems(desk, items, assign, decidedHere(context, by))
    if (isRefusal(answer)) throw new CommandFailure(answer.message)
    context.stdout.write(`${items.length} items are given to ${reviewer.name}.\n`)
    return EXIT.ok
  })
}
