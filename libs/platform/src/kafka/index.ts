export { registerCodecs } from './codecs.js'
export { connectKafka, CONNECTION_TIMEOUT_MS, REQUEST_TIMEOUT_MS, type KafkaOptions } from './connect.js'
export { FETCH_BYTES_MAX, HEARTBEAT_INTERVAL_MS, SESSION_TIMEOUT_MS } from './consume.js'
export type * from './port.js'
