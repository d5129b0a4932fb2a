/** Under which the keys about callers are provided. */
export const CALLER_KEYS = Symbol('caller keys')
