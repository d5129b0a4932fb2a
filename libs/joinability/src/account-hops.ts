import type { JoinableHop } from './hop.js'
import { hopOf, weakerThan, type Seen } from './places.js'

/** Of a login with a lasting secret. */
export function accountHop(seen: Seen): JoinableHop {
  const { place, retrievals } = seen
  const helps = weakerThan(retrievals, 'inferable', 'person')
  return {
    ...hopOf(seen, 'person'),
    provability: retrievals.some(({ actor }) => actor !== 'missing') ? 'inferable' : 'impossible',
    why: 'a lasting secret: its system knows the account, and no record tells whose it is unless an operator joined it to a person',
    basis: 'records',
    advice: [
      {
        settings: [
          {
            system: place.source,
            where: 'identity/entity-alias',
            field: 'canonical_id',
            value: 'one entity per person, for this account and for the federated login',
          },
        ],
        becomes: 'inferable',
        helps,
      },
      {
        settings: [
          {
            system: place.source,
            where: place.mount,
            field: 'auth method',
            value: 'log in through the identity provider (oidc) with sid mapped',
          },
        ],
        becomes: 'provable',
        helps: weakerThan(retrievals, 'provable', 'person'),
      },
    ],
  }
}

/** Of a login by what many hold. */
export function sharedHop(seen: Seen): JoinableHop {
  const { place, retrievals } = seen
  return {
    ...hopOf(seen, 'person'),
    provability: 'impossible',
    why: 'declared as held by many: nobody among them can be told from the others',
    basis: 'declaration',
    advice: [
      {
        settings: [
          {
            system: place.source,
            where: place.mount,
            field: 'auth method',
            value: 'one identity per workload, from its own token (jwt or kubernetes auth)',
          },
        ],
        becomes: 'provable',
        helps: weakerThan(retrievals, 'inferable', 'person'),
      },
    ],
  }
}
