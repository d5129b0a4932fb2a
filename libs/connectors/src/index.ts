export { connectorFor, connectors } from './registry.js'
export * from './redaction.js'
export * from './parsing.js'
