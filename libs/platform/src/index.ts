export {
  ACCESS_DEFAULTS,
  isLoopback,
  isSafeUrl,
  type AccessSettings,
  type ProviderSettings,
  type TlsSettings,
} from './access-schema.js'
export { allowedAddresses, ForbiddenAddress, guardedFetch, type Resolve } from './addresses.js'
export * from './ask.js'
export * from './copy-binary.js'
export * from './clock.js'
export * from './configuration-error.js'
export * from './correlation.js'
export * from './data-folder.js'
export * from './database.js'
export { passwordFileOf } from './database-password.js'
export * from './database-roles.js'
export * from './duration.js'
export * from './embedded-postgres.js'
export { freePort, isFree, requireFreePort } from './free-port.js'
export * from './installation-key.js'
export * from './kafka/index.js'
export * from './logging.js'
export * from './metrics.js'
export * from './migrations.js'
export * from './postgres-server.js'
export * from './processes.js'
export * from './notification-schema.js'
export * from './remediation-schema.js'
export * from './secrets.js'
export * from './settings.js'
export * from './source-configuration.js'
export * from './termination.js'
export { inThread, Thread, type ThreadOptions, type ThreadPart } from './thread.js'
export { withTimeLimit } from './time-limit.js'
export { watchFiles, type FileWatch } from './watch-files.js'
export * from './stalled-session.js'
export * from './led-timer.js'
