import { accountHop, sharedHop } from './account-hops.js'
import { federatedHops, undeclaredHop } from './federated-hops.js'
import type { JoinableHop } from './hop.js'
import { placesIn, type Assessed, type Seen } from './places.js'

/** Every hop of every place of login, those that would help most first. */
export function assess(assessed: Assessed): JoinableHop[] {
  const hops = placesIn(assessed).flatMap((seen) => hopsOf(seen, assessed))
  return hops.sort((a, b) => gainOf(b) - gainOf(a) || (nameOf(a) < nameOf(b) ? -1 : 1))
}

export function gainOf({ advice }: JoinableHop): number {
  return advice.reduce((most, { helps }) => Math.max(most, helps), 0)
}

function nameOf({ place, joins }: JoinableHop): string {
  return [place.source, place.mount, place.role ?? '', joins].join('\n')
}

function hopsOf(seen: Seen, assessed: Assessed): JoinableHop[] {
  switch (seen.place.origin) {
    case 'federated':
      return federatedHops(seen, assessed)
    case 'undeclared':
      return [undeclaredHop(seen, assessed)]
    case 'long-lived':
      return [accountHop(seen, assessed)]
    case 'shared':
      return [sharedHop(seen)]
  }
}
