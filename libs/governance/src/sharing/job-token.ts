import { refusal, type Decided, type Decider, type Instant } from '@catena/domain'
import type { SharedThing, SharingEvent } from './party.js'

export type JobTokenData = SharedThing & {
  readonly credentials: string[]
  /** The scheduled job, as its scheduler names it. */
  readonly job: string
}

export type JobTokenEvent =
  SharingEvent<'JobTokenTied', JobTokenData> | SharingEvent<'ScheduledJobDisabled', { readonly words: string }>

export type JobTokenState = SharedThing & {
  readonly tied?: JobTokenData
  readonly disabledAt?: Instant
}

export type JobTokenCommand =
  { readonly do: 'TieJobToken'; readonly tied: JobTokenData } | { readonly do: 'DisableJob'; readonly words: string }

/** A token shared with a scheduled job ends with the job (R3.9). */
export const jobToken: Decider<
  JobTokenState,
  JobTokenCommand,
  JobTokenEvent,
  'NO_SUCH_JOB' | 'ALREADY_TIED' | 'NO_CREDENTIAL'
> = {
  initial: { credentials: [] },
  decide: ({ tied, disabledAt }, command) => {
    if (command.do === 'TieJobToken') {
      if (tied !== undefined) return refusal('ALREADY_TIED', 'this id is taken: tie it under a new one')
      if (command.tied.credentials.length === 0) return refusal('NO_CREDENTIAL', 'name the token')
      return [{ type: 'JobTokenTied', data: command.tied }]
    }
    if (tied === undefined) return refusal('NO_SUCH_JOB', 'no job has this id: tie the token first')
    return disabledAt === undefined ? [{ type: 'ScheduledJobDisabled', data: { words: command.words } }] : []
  },
  evolve: (state, event, { at }: Decided) =>
    event.type === 'JobTokenTied'
      ? { credentials: event.data.credentials, tied: event.data }
      : { ...state, disabledAt: at },
}
