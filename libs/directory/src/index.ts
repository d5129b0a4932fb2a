export { FactDirectory, systemsOf } from './fact-directory.js'
export { holds } from './memberships.js'
export * from './port.js'
export { statedAt, statementsOf, textAt, type Statement } from './statements.js'
