export * from './access.js'
export * from './instance.js'
export * from './instance.module.js'
export * from './process.js'
