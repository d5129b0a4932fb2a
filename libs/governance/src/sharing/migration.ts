import { refusal, type Decided, type Decider, type Instant, type Refusal } from '@catena/domain'
import { windowFault, type SharedThing, type SharingEvent } from './party.js'

export type MigrationData = SharedThing & {
  readonly credentials: string[]
  readonly until: Instant
  /** The individual, short-lived credentials that take over, in words. */
  readonly replacedBy: string
}

export type MigrationEvent =
  | SharingEvent<'MigrationWindowOpened', MigrationData>
  | SharingEvent<'MigrationWindowExtended', { readonly until: Instant; readonly reason: string }>
  | SharingEvent<'MigrationCutOver', { readonly words: string }>

export type MigrationState = SharedThing & {
  readonly window?: MigrationData
  readonly cutoverAt?: Instant
}

export type MigrationCommand =
  | { readonly do: 'OpenMigration'; readonly window: MigrationData }
  | { readonly do: 'ExtendMigration'; readonly until: Instant; readonly reason: string }
  | { readonly do: 'CutOver'; readonly words: string }

export type MigrationRefusal = 'NO_SUCH_MIGRATION' | 'ALREADY_OPEN' | 'NO_CREDENTIAL' | 'WINDOW' | 'CUT_OVER'

type Answer = readonly MigrationEvent[] | Refusal<MigrationRefusal>

/** A shared CI credential on its way out: a window with an end, and a cutover after which it must be dead (R3.6). */
export const migration: Decider<MigrationState, MigrationCommand, MigrationEvent, MigrationRefusal> = {
  initial: { credentials: [] },
  decide: (state, command, { at }) => {
    if (command.do === 'OpenMigration') return open(state, command.window, at)
    if (state.window === undefined) return refusal('NO_SUCH_MIGRATION', 'no migration has this id: open it first')
    if (command.do === 'CutOver')
      return state.cutoverAt === undefined ? [{ type: 'MigrationCutOver', data: { words: command.words } }] : []
    if (state.cutoverAt !== undefined) return refusal('CUT_OVER', 'it was cut over: nothing is left to extend')
    if (command.until <= state.window.until) return refusal('WINDOW', 'an extension ends later than the window did')
    return [{ type: 'MigrationWindowExtended', data: { until: command.until, reason: command.reason } }]
  },
  evolve: (state, event, { at }: Decided) => {
    switch (event.type) {
      case 'MigrationWindowOpened':
        return { credentials: event.data.credentials, window: event.data }
      case 'MigrationWindowExtended':
        return state.window === undefined ? state : { ...state, window: { ...state.window, until: event.data.until } }
      case 'MigrationCutOver':
        return { ...state, cutoverAt: at }
    }
  },
}

function open(state: MigrationState, window: MigrationData, now: Instant): Answer {
  if (state.window !== undefined) return refusal('ALREADY_OPEN', 'this id is taken: open it under a new one')
  if (window.credentials.length === 0) return refusal('NO_CREDENTIAL', 'name the credential that is replaced')
  const fault = windowFault(-Infinity, window.until, now)
  return fault === undefined ? [{ type: 'MigrationWindowOpened', data: window }] : refusal('WINDOW', fault)
}
