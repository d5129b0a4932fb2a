export * from './access.js'
export * from './instance.js'
