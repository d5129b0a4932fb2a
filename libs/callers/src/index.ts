export type { AskingRequest, IdentifyCaller } from './identify.js'
