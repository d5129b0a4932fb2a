/** Under which a ReleaseEntries is provided. */
export const RELEASE = Symbol('release from quarantine')
