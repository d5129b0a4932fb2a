import { federationInstead, joinOf } from './accounts.js'
import type { JoinableHop } from './hop.js'
import { hopOf, sourceOf, weakerThan, type Assessed, type Seen } from './places.js'

/** Of a login with a lasting secret. */
export function accountHop(seen: Seen, { sources }: Assessed): JoinableHop {
  const { place, retrievals } = seen
  const kind = sourceOf(place, sources)?.kind ?? 'vault'
  const { setting, becomes } = federationInstead(kind, place)
  return {
    ...hopOf(seen, 'person'),
    provability: retrievals.some(({ actor }) => actor !== 'missing') ? 'inferable' : 'impossible',
    why: 'a lasting secret: its system knows the account, and no record tells whose it is unless an operator joined it to a person',
    basis: 'records',
    advice: [
      { settings: [joinOf(kind, place)], becomes: 'inferable', helps: weakerThan(retrievals, 'inferable', 'person') },
      { settings: [setting], becomes, helps: weakerThan(retrievals, becomes, 'person') },
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
