export * from './kafka-broker.js'
export * from './postgres.js'
export * from './recording.js'
export * from './test-callers.js'
