import type { Instant } from '@catena/domain'

/** One thing to be done at a system so that an access ends. Names are the system's own; none of them is a secret. */
export type Action =
  | { readonly do: 'revoke-lease'; readonly lease: string }
  | { readonly do: 'revoke-accessor'; readonly accessor: string }
  | { readonly do: 'remove-from-group'; readonly user: string; readonly group: string }
  | { readonly do: 'disable-client'; readonly client: string }
  | { readonly do: 'delete-role'; readonly role: string }
  | { readonly do: 'delete-secret'; readonly repository: string; readonly secret: string }

export type ActionName = Action['do']

/** An order as whoever carries it out sees it. */
export interface OrderSlip {
  /** Of the order: equal however often it is tried, so that a receiver can tell a repetition. */
  readonly id: string
  readonly item: string
  readonly campaign: string
  readonly outcome: 'revoke' | 'modify'
  /** For people: who loses access to what. */
  readonly accessor: string
  readonly credential: string
  readonly system: string
  readonly path: string
  readonly dueAt: Instant
  /** Why it is handed over, or what is done. */
  readonly why: string
}

export function wordsOf(action: Action): string {
  switch (action.do) {
    case 'revoke-lease':
      return `revoke lease ${action.lease}`
    case 'revoke-accessor':
      return `revoke the token with accessor ${action.accessor}`
    case 'remove-from-group':
      return `remove user ${action.user} from group ${action.group}`
    case 'disable-client':
      return `disable client ${action.client}`
    case 'delete-role':
      return `delete role ${action.role}`
    case 'delete-secret':
      return `delete secret ${action.secret} of ${action.repository}`
  }
}
