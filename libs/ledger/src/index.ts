export * from './cut.js'
export * from './port.js'
