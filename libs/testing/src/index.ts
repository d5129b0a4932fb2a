export * from './kafka-broker.js'
export * from './postgres.js'
export * from './recording.js'
