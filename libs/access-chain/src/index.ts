export { askersOf } from './askers.js'
export * from './chain.js'
export { clockPairsOf, type ClockPair } from './clock-pairs.js'
export { entryAt, type DirectoryEntry } from './directory.js'
export { disputesOf } from './disputes.js'
export { dueOf, tokenPathOf } from './end.js'
export * from './evidence.js'
export * from './fact-index.js'
export * from './memory-fact-index.js'
export * from './forward.js'
export * from './forward-keys.js'
export { mergeLookups } from './merge-lookups.js'
export { skewOf, type Skew } from './skew.js'
export * from './joins.js'
export * from './lives.js'
export { namesOf, namesTold, newlyNamed } from './newly-named.js'
export { isUncovered } from './uncovered.js'
export {
  contentOf,
  byFirstPosition,
  isRewrap,
  MAKERS_MAX,
  openedBy,
  originsOf,
  REWRAPS_MAX,
  withContent,
  wrappedTargets,
  type MakersOf,
  type Origins,
} from './unwrapped.js'
export * from './walk.js'
export { withContents } from './with-contents.js'
