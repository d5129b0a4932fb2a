export * from './decider.js'
export { suggest, type EqualNames, type Suggestion } from './suggest.js'
