import {
  definitionOf,
  isMinted,
  namespaceOf,
  NAMESPACES,
  refusal,
  type Decided,
  type Decider,
  type DecisionEvent,
  type Instant,
  type Key,
  type Refusal,
} from '@catena/domain'

interface Pair {
  readonly alias: Key
  readonly principal: Key
  readonly reason: string
  /** All keys by which whoever decides is known: nobody decides whose their own names are. */
  readonly ownKeys: readonly Key[]
}

export type IdentityCommand =
  | (Pair & {
      readonly do: 'AcceptJoin'
      readonly from?: Instant
      readonly to?: Instant
      readonly isShared: boolean
    })
  | (Pair & { readonly do: 'RejectJoin' })
  | (Pair & { readonly do: 'EndJoin'; readonly to: Instant })

export type IdentityRefusal =
  | 'NO_REASON'
  | 'NOT_A_PERSON'
  | 'NOT_AN_ALIAS'
  | 'SHARED_IDENTITY'
  | 'OWN_IDENTITY'
  | 'JOINED_TO_ANOTHER'
  | 'NOT_JOINED'
  | 'ENDS_BEFORE_IT_BEGINS'

/** A join as it stands: from and to bound the times of which it tells. */
export interface StandingJoin {
  readonly principal: Key
  readonly from?: Instant
  readonly to?: Instant
  readonly by: string
}

/** What was decided of one alias. */
export interface AliasState {
  readonly joins: readonly StandingJoin[]
  readonly rejected: readonly Key[]
}

export type IdentityEvent = DecisionEvent & {
  readonly type: 'AliasJoined' | 'AliasRejected' | 'AliasJoinEnded'
  readonly data: {
    readonly alias: Key
    readonly principal: Key
    readonly reason: string
    readonly from?: Instant
    readonly to?: Instant
  }
}

/** Stream of all decisions about one alias. */
export function identityStream(alias: Key): string {
  return `identity:${alias}`
}

type Answer = readonly IdentityEvent[] | Refusal<IdentityRefusal>

/** Whose an alias is, as operators decide it. A join is at most an inference, and never holds before it was decided. */
export const identity: Decider<AliasState, IdentityCommand, IdentityEvent, IdentityRefusal> = {
  initial: { joins: [], rejected: [] },
  decide(state, command, by) {
    if (command.reason.trim() === '') return refusal('NO_REASON', 'say why: it is what an auditor reads')
    if (isOwn(command, by)) return refusal('OWN_IDENTITY', 'this is about yourself: let somebody else decide it')
    switch (command.do) {
      case 'AcceptJoin':
        return accept(state, command)
      case 'RejectJoin':
        return reject(state, command)
      case 'EndJoin':
        return end(state, command)
    }
  },
  evolve,
}

/** Over all keys by which whoever decides is known. */
function isOwn({ alias, principal, ownKeys }: Pair, { actor }: Decided): boolean {
  return [alias, principal].some((key) => key === actor || ownKeys.includes(key))
}

function accept(state: AliasState, command: IdentityCommand & { readonly do: 'AcceptJoin' }): Answer {
  const { alias, principal, from = -Infinity, to = Infinity, reason } = command
  if (namespaceOf(principal) !== 'person')
    return refusal('NOT_A_PERSON', `${principal} is no person: join an alias to a person`)
  if (!isAlias(alias) || alias === principal)
    return refusal('NOT_AN_ALIAS', `${alias} is no name that lasts: give an account, an entity or a person`)
  if (command.isShared)
    return refusal('SHARED_IDENTITY', `${alias} is declared as held by many: whose it was cannot be decided`)
  if (from >= to) return refusal('ENDS_BEFORE_IT_BEGINS', 'the join ends before it begins: give from before to')
  const overlapping = state.joins.filter((join) => (join.from ?? -Infinity) < to && from < (join.to ?? Infinity))
  if (overlapping.some((join) => join.principal === principal && join.from === command.from && join.to === command.to))
    return []
  const other = overlapping.find((join) => join.principal !== principal)
  if (other !== undefined)
    return refusal('JOINED_TO_ANOTHER', `${alias} is joined to ${other.principal} at that time: end that join first`)
  return [{ type: 'AliasJoined', data: { alias, principal, reason, ...bounds(command) } }]
}

function reject(state: AliasState, { alias, principal, reason }: Pair): Answer {
  if (state.joins.some((join) => join.principal === principal && join.to === undefined))
    return refusal('JOINED_TO_ANOTHER', `${alias} is joined to ${principal}: end the join instead`)
  return state.rejected.includes(principal) ? [] : [{ type: 'AliasRejected', data: { alias, principal, reason } }]
}

function end(
  state: AliasState,
  { alias, principal, reason, to }: IdentityCommand & { readonly do: 'EndJoin' },
): Answer {
  const join = state.joins.find((one) => one.principal === principal && (one.to ?? Infinity) > to)
  if (join === undefined) return refusal('NOT_JOINED', `${alias} is not joined to ${principal} then`)
  return [{ type: 'AliasJoinEnded', data: { alias, principal, reason, to } }]
}

function evolve(state: AliasState, { type, data }: IdentityEvent, by: Decided): AliasState {
  const { principal } = data
  switch (type) {
    case 'AliasJoined':
      return {
        joins: [...state.joins, { principal, ...bounds(data), by: by.actor }],
        rejected: state.rejected.filter((one) => one !== principal),
      }
    case 'AliasRejected':
      return { ...state, rejected: [...state.rejected, principal] }
    case 'AliasJoinEnded':
      return { ...state, joins: state.joins.flatMap((join) => endedAt(join, principal, data.to ?? Infinity)) }
  }
}

/** A join that ends before it began never was. */
function endedAt(join: StandingJoin, principal: Key, to: Instant): StandingJoin[] {
  if (join.principal !== principal || (join.to ?? Infinity) <= to) return [join]
  return (join.from ?? -Infinity) >= to ? [] : [{ ...join, to }]
}

function bounds({ from, to }: { readonly from?: Instant; readonly to?: Instant }): { from?: Instant; to?: Instant } {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

function isAlias(key: Key): boolean {
  return (
    Object.hasOwn(NAMESPACES, namespaceOf(key)) &&
    !isMinted(key) &&
    definitionOf(key).nature === 'standing' &&
    !NO_ALIASES.has(namespaceOf(key))
  )
}

/** Lasting names of things that nobody is. */
const NO_ALIASES: ReadonlySet<string> = new Set([
  'idp-sessions',
  'vault-lease-prefix',
  'vault-token-path',
  'credential',
  'environment',
  'group',
  'group-name',
  'repository',
  'repository-name',
  'runner',
])
