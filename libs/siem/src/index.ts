export * from './feed/index.js'
export * from './formats/index.js'
export * from './delivery/index.js'
export * from './pull/index.js'
