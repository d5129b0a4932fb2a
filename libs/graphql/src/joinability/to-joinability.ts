import type * as found from '@catena/joinability'
import type { KnownAsOf } from '@catena/projections'
import type { BrokenGroup, FederationProposal, JoinableHop, LoginPlace } from './joinability.model.js'

export function toHop(asOf: KnownAsOf, { evidence, place, ...hop }: found.JoinableHop): JoinableHop {
  return { ...hop, place: toPlace(place), positions: evidence, asOf }
}

export function toBrokenGroup(asOf: KnownAsOf, { evidence, place, ...group }: found.BrokenGroup): BrokenGroup {
  return { ...group, place: place === undefined ? null : toPlace(place), positions: evidence, asOf }
}

export function toProposal(proposal: found.Proposal): FederationProposal {
  return proposal
}

function toPlace(place: found.LoginPlace): LoginPlace {
  return { ...place, role: place.role ?? null, issuer: place.issuer ?? null }
}
