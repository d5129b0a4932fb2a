export * from './date-time.js'
export * from './opaque.js'
