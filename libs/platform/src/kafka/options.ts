import type { KafkaOptions } from './connect.js'
import type { KafkaLog } from './port.js'
import type { KafkaSettings } from './settings.js'

/** Settings of the environment → options of a connection. */
export function kafkaOptions(settings: KafkaSettings, clientId: string, log: KafkaLog): KafkaOptions {
  const { brokers, ssl, ca, sasl, sessionTimeoutMs } = settings
  return {
    brokers,
    clientId,
    log,
    sessionTimeoutMs,
    ...(ssl ? { tls: ca === undefined ? (true as const) : { ca } } : {}),
    ...(sasl === undefined ? {} : { sasl }),
  }
}
