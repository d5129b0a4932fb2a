/** Under which a RecertificationDesk is provided. */
export const RECERTIFICATION = Symbol('recertification desk')
