export { FactDirectory } from './fact-directory.js'
export { holds } from './memberships.js'
export * from './port.js'
