import { isRefusal, namespaceOf, refusal, type Caller, type Decided, type Key, type Refusal } from '@catena/domain'
import { waitForView } from '@catena/projections'
import {
  bare,
  commandItems,
  commandOwnItems,
  decideItems,
  holdersOf,
  loadItems,
  type Identity,
  type ItemsHandled,
  type LoadedItem,
  type RecertificationDesk,
  type VoteAsked,
} from '@catena/recertification'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { RECERTIFICATION } from './recertification-token.js'

/** The caller as a reviewer: by the key of a person where one is known, and by all names that the directory adds. */
export async function reviewerOf(desk: RecertificationDesk, caller: Pick<Caller, 'id' | 'name' | 'keys'>): Promise<Identity> {
  const key = caller.keys.find((each) => namespaceOf(each) === 'person') ?? (caller.id as Key)
  const known = (await desk.directory.identities([key], await desk.summary.newest())).get(key)
  const aliases = [...new Set([...caller.keys, ...(known?.aliases ?? [])])].filter((name) => name !== key)
  return { key, name: caller.name, aliases, groups: known?.groups ?? [], leftAt: known?.leftAt }
} // prettier-ignore

export class DecideItems extends Command<LoadedItem[] | Refusal> {
  constructor(
    readonly asked: VoteAsked,
    readonly caller: Caller,
    readonly by: Decided,
  ) {
    super()
  }
}

@CommandHandler(DecideItems)
export class DecideItemsHandler implements ICommandHandler<DecideItems> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  async execute({ asked, caller, by }: DecideItems): Promise<LoadedItem[] | Refusal> {
    return shown(this.desk, await decideItems(this.desk, asked, await reviewerOf(this.desk, caller), by))
  }
}

/** What else may be done with items: by the reviewer (`own`), or by a manager. */
export type ItemAct =
  | { readonly kind: 'delegate'; readonly to: Key; readonly reason: string }
  /** `asManager`: on items that the caller may not review, too. */
  | { readonly kind: 'comment'; readonly text: string; readonly asManager: boolean }
  | { readonly kind: 'open' }
  | { readonly kind: 'reassign'; readonly to: readonly Key[]; readonly reason: string }
  | { readonly kind: 'applied'; readonly how: string }

export class ActOnItems extends Command<LoadedItem[] | Refusal> {
  constructor(
    readonly items: readonly string[],
    readonly act: ItemAct,
    readonly caller: Caller,
    readonly by: Decided,
  ) {
    super()
  }
}

@CommandHandler(ActOnItems)
export class ActOnItemsHandler implements ICommandHandler<ActOnItems> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  async execute({ items, act, caller, by }: ActOnItems): Promise<LoadedItem[] | Refusal> {
    const self = await reviewerOf(this.desk, caller)
    const people = act.kind === 'reassign' ? act.to : act.kind === 'delegate' ? [act.to] : []
    const known = await this.desk.directory.identities(people, await this.desk.summary.newest())
    const identity = (key: Key): Identity => known.get(key) ?? bare(key)
    const command = async (loaded: LoadedItem): Promise<ItemCommandOf> => commandOf(this.desk, loaded, act, self, identity)
    return shown(this.desk, isManagers(act) ? await commandItems(this.desk, items, command, by) : await commandOwnItems(this.desk, items, self, command, by))
  }
} // prettier-ignore

function isManagers(act: ItemAct): boolean {
  return act.kind === 'reassign' || act.kind === 'applied' || (act.kind === 'comment' && act.asManager)
}

type ItemCommandOf = Parameters<typeof commandItems>[2] extends (loaded: LoadedItem) => infer C ? Awaited<C> : never

async function commandOf(desk: RecertificationDesk, { state }: LoadedItem, act: ItemAct, self: Identity, identity: (key: Key) => Identity): Promise<ItemCommandOf> {
  switch (act.kind) {
    case 'delegate':
      return { type: 'Delegate', from: self, to: identity(act.to), others: await holdersOf(desk, state), reason: act.reason }
    case 'comment':
      return { type: 'Comment', by: self, text: act.text, asManager: act.asManager }
    case 'open':
      return { type: 'OpenEvidence', reviewer: self }
    case 'reassign':
      return { type: 'Assign', stage: state.stage, reviewers: act.to.map(identity), why: act.reason }
    case 'applied':
      return { type: 'NoteApplied', how: act.how }
  }
} // prettier-ignore

async function shown(desk: RecertificationDesk, handled: ItemsHandled | Refusal): Promise<LoadedItem[] | Refusal> {
  if (isRefusal(handled)) return refusal(handled.refused, handled.message)
  await waitForView(desk.pool, 'review-items', handled.position)
  return loadItems(desk, handled.items)
}
