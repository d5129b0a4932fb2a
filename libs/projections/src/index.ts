export * from './access-index/identity.js'
export * from './access-index/postgres-fact-index.js'
export * from './access-index/project.js'
export * from './runner.js'
