export { connectorFor, connectors } from './registry.js'
export * from './redaction.js'
export * from './parsing.js'
export { verifyGithubSignature, wrapDelivery } from './github/index.js'
