export { openFiles } from './files.js'
export type { Outgoing, Sink } from './sink.js'
export { openSyslog } from './syslog.js'
