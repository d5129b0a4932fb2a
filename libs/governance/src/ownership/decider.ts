import { refusal, type Decided, type Decider, type Instant, type Key, type Refusal } from '@catena/domain'
import type { DeclaredFactsData, StewardshipEvent } from './events.js'
import {
  UNSTEWARDED,
  type Assigned,
  type DeclaredCopy,
  type LocationKind,
  type Steward,
  type Stewardship,
  type StewardRole,
} from './state.js'

type OfCredential<T> = T & { readonly credential: string }

export type StewardshipCommand = OfCredential<
  | { readonly do: 'RegisterCredential'; readonly system: string; readonly path: string }
  | { readonly do: 'AssignOwner'; readonly key: Key; readonly name: string; readonly reason?: string }
  /** `actsFor`: keys of the caller and of the groups that the caller is in. */
  | { readonly do: 'AttestOwnership'; readonly actsFor: readonly Key[]; readonly owner: Key | undefined }
  | { readonly do: 'AddSteward'; readonly key: Key; readonly name: string; readonly role: StewardRole }
  | { readonly do: 'RemoveSteward'; readonly key: Key; readonly role: StewardRole }
  | { readonly do: 'DeclareFacts'; readonly facts: DeclaredFactsData }
  | {
      readonly do: 'DeclareCheckout'
      readonly key: Key
      readonly name: string
      readonly from: Instant
      readonly to?: Instant
    }
  | { readonly do: 'DeclareCopy'; readonly kind: LocationKind; readonly place: string; readonly version?: number }
  | { readonly do: 'ClearCopy'; readonly kind: LocationKind; readonly place: string }
>

export type StewardshipRefusal =
  | 'ALREADY_REGISTERED'
  | 'NO_OWNER'
  | 'NOT_THE_OWNER'
  | 'NOT_A_STEWARD'
  | 'NO_SUCH_COPY'
  | 'NOTHING_DECLARED'
  | 'ENDS_BEFORE_IT_BEGINS'

type Answer = readonly StewardshipEvent[] | Refusal<StewardshipRefusal>

export function stewardshipStream(credential: string): string {
  return `credential:${credential}`
}

/** Who answers for a credential. The stream exists from the first word that anybody says of it. */
export const stewardship: Decider<Stewardship, StewardshipCommand, StewardshipEvent, StewardshipRefusal> = {
  initial: UNSTEWARDED,
  decide,
  evolve,
}

function decide(state: Stewardship, command: StewardshipCommand): Answer {
  const { credential } = command
  switch (command.do) {
    case 'RegisterCredential':
      return register(state, credential, command.system, command.path)
    case 'AssignOwner':
      return assignOwner(state, command)
    case 'AttestOwnership':
      return attest(state, credential, command.owner, command.actsFor)
    case 'AddSteward':
      return isSteward(state, command.key, command.role)
        ? []
        : [
            {
              type: 'CredentialStewardAdded',
              data: { credential, key: command.key, name: command.name, role: command.role },
            },
          ]
    case 'RemoveSteward':
      return removeSteward(state, credential, command.key, command.role)
    case 'DeclareFacts':
      return declareFacts(credential, command.facts)
    case 'DeclareCheckout':
      return declareCheckout(command)
    case 'DeclareCopy':
      return declareCopy(state, command)
    case 'ClearCopy':
      return clearCopy(state, credential, command)
  }
}

function register({ registration }: Stewardship, credential: string, system: string, path: string): Answer {
  if (registration !== undefined)
    return refusal('ALREADY_REGISTERED', `${path} is registered: declare facts of it instead`)
  return [{ type: 'CredentialRegistered', data: { credential, system, path } }]
}

function assignOwner(
  { owner }: Stewardship,
  command: { credential: string; key: Key; name: string; reason?: string },
): Answer {
  const { credential, key, name, reason } = command
  if (owner?.key === key && owner.name === name) return []
  return [
    { type: 'CredentialOwnerAssigned', data: { credential, key, name, ...(reason === undefined ? {} : { reason }) } },
  ]
}

/** `owner` is the owner in force: assigned here, else by a rule. */
function attest({ owner }: Stewardship, credential: string, inForce: Key | undefined, actsFor: readonly Key[]): Answer {
  const key = owner?.key ?? inForce
  if (key === undefined) return refusal('NO_OWNER', 'nobody owns this credential: assign an owner first')
  if (!actsFor.includes(key))
    return refusal(
      'NOT_THE_OWNER',
      `only its owner ${owner?.name ?? key} can attest it: assign another owner, or ask them`,
    )
  return [{ type: 'CredentialOwnershipAttested', data: { credential, owner: key } }]
}

function isSteward({ stewards }: Stewardship, key: Key, role: StewardRole): boolean {
  return stewards.some((steward) => steward.key === key && steward.role === role)
}

function removeSteward(state: Stewardship, credential: string, key: Key, role: StewardRole): Answer {
  if (!isSteward(state, key, role)) return refusal('NOT_A_STEWARD', `${key} is no ${role} of this credential`)
  return [{ type: 'CredentialStewardRemoved', data: { credential, key, role } }]
}

function declareFacts(credential: string, facts: DeclaredFactsData): Answer {
  if (Object.keys(facts).length === 0) return refusal('NOTHING_DECLARED', 'declare at least one fact')
  return [{ type: 'CredentialFactsDeclared', data: { credential, ...facts } }]
}

function declareCheckout(command: { credential: string; key: Key; name: string; from: Instant; to?: Instant }): Answer {
  const { credential, key, name, from, to } = command
  if (to !== undefined && to < from) return refusal('ENDS_BEFORE_IT_BEGINS', 'the checkout ends before it begins')
  return [
    { type: 'CredentialCheckoutDeclared', data: { credential, key, name, from, ...(to === undefined ? {} : { to }) } },
  ]
}

function declareCopy(
  state: Stewardship,
  command: { credential: string; kind: LocationKind; place: string; version?: number },
): Answer {
  const { credential, kind, place, version } = command
  const known = state.copies.find((copy) => isAt(copy, command))
  if (known !== undefined && known.version === version) return []
  return [
    {
      type: 'CredentialCopyDeclared',
      data: { credential, kind, place, ...(version === undefined ? {} : { version }) },
    },
  ]
}

function clearCopy(state: Stewardship, credential: string, place: { kind: LocationKind; place: string }): Answer {
  if (!state.copies.some((copy) => isAt(copy, place)))
    return refusal('NO_SUCH_COPY', `no copy is declared in ${place.kind} ${place.place}`)
  return [{ type: 'CredentialCopyCleared', data: { credential, kind: place.kind, place: place.place } }]
}

function isAt(copy: Pick<DeclaredCopy, 'kind' | 'place'>, other: Pick<DeclaredCopy, 'kind' | 'place'>): boolean {
  return copy.kind === other.kind && copy.place === other.place
}

/** A new owner has attested nothing yet. */
function evolve(
  state: Stewardship,
  { type, data }: StewardshipEvent,
  { actor: by, at, position }: Decided,
): Stewardship {
  const said = { at, by, ...(position === undefined ? {} : { position }) }
  switch (type) {
    case 'CredentialRegistered':
      return { ...state, registration: { system: data.system, path: data.path, ...said } }
    case 'CredentialOwnerAssigned': {
      const { registration, stewards, declared, declaredAt, checkouts, copies } = state
      return {
        ...formerWith(state, state.owner === undefined ? [] : [state.owner], at),
        ...(registration === undefined ? {} : { registration }),
        ...(declaredAt === undefined ? {} : { declaredAt }),
        owner: { key: data.key, name: data.name, ...said },
        assignedSince: state.assignedSince ?? at,
        stewards,
        declared,
        checkouts,
        copies,
      }
    }
    case 'CredentialOwnershipAttested':
      return { ...state, attested: { owner: data.owner, ...said } }
    case 'CredentialStewardAdded':
      return { ...state, stewards: [...state.stewards, { key: data.key, name: data.name, role: data.role, ...said }] }
    case 'CredentialStewardRemoved':
      return {
        ...state,
        ...formerWith(
          state,
          state.stewards.filter((one) => isOf(one, data)),
          at,
        ),
        stewards: state.stewards.filter((one) => !isOf(one, data)),
      }
    case 'CredentialFactsDeclared': {
      return { ...state, declared: { ...state.declared, ...factsIn(data) }, declaredAt: at }
    }
    case 'CredentialCheckoutDeclared': {
      const { key, name, from, to } = data
      return {
        ...state,
        checkouts: [...state.checkouts, { key, name, ...said, from, ...(to === undefined ? {} : { to }) }],
      }
    }
    case 'CredentialCopyDeclared': {
      const { kind, place, version } = data
      const copy = { kind, place, ...said, ...(version === undefined ? {} : { version }) }
      return { ...state, copies: [...state.copies.filter((other) => !isAt(other, data)), copy] }
    }
    case 'CredentialCopyCleared':
      return { ...state, copies: state.copies.filter((copy) => !isAt(copy, data)) }
  }
}

function isOf(steward: Pick<Steward, 'key' | 'role'>, { key, role }: Pick<Steward, 'key' | 'role'>): boolean {
  return steward.key === key && steward.role === role
}

function formerWith({ former = [] }: Stewardship, left: readonly Assigned[], at: Instant): Pick<Stewardship, 'former'> {
  const all = [...former, ...left.map(({ key, name, at: from }) => ({ key, name, from, to: at }))]
  return all.length === 0 ? {} : { former: all }
}

function factsIn(data: DeclaredFactsData & { readonly credential: string }): DeclaredFactsData {
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'credential'))
}
