import kafkajs, { type logCreator, type logLevel as LogLevel } from 'kafkajs'
import type { KafkaLog } from './port.js'

/** What the client reports as errors although it retries and nothing is lost: starting brokers, rebalancing groups, new leaders. */
const RETRIED =
  /REBALANCE_IN_PROGRESS|rebalanc|coordinator is (?:loading|not available)|not the coordinator|no leader|not the leader|leadership election|does not host this topic|Connection (?:error|timeout|closed)|ECONNREFUSED|ECONNRESET|Failed to connect to (?:seed )?broker|member is not in the current generation|coordinator is not aware of this member|Disconnected|socket hang up|request timed out/i

/** The client's log in our words, one step quieter: what it cannot mend by itself ends the session, and that is logged as ours. */
export function clientLog(log: KafkaLog): logCreator {
  return () =>
    ({ level, log: entry }) => {
      const { message, error, broker, groupId } = entry as Partial<Record<string, string>> & { message: string }
      log(levelOf(level, `${message} ${error ?? ''}`), `kafka client: ${message}`, { error, broker, groupId })
    }
}

function levelOf(level: LogLevel, text: string): 'debug' | 'warn' {
  const { ERROR, WARN } = kafkajs.logLevel
  return (level === ERROR || level === WARN) && !RETRIED.test(text) ? 'warn' : 'debug'
}
