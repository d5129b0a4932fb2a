export * from './decider.js'
export { observeIdentities, type IdentityObservation, type IdentityObservationKind } from './observe.js'
export { suggest, type EqualNames, type Suggestion } from './suggest.js'
