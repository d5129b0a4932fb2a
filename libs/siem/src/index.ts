export * from './feed/index.js'
export * from './formats/index.js'
