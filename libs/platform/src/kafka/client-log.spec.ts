import { describe, expect, it } from '@jest/globals'
import kafkajs, { type logLevel as LogLevel } from 'kafkajs'
import { clientLog } from './client-log.js'

function levelOf(level: LogLevel, message: string, error?: string): string | undefined {
  let told: string | undefined
  const write = clientLog((mapped) => (told = mapped))(level)
  const log = { message, timestamp: '', logger: 'kafkajs', ...(error === undefined ? {} : { error }) }
  write({ namespace: 'Connection', level, label: '', log })
  return told
}

describe('what the Kafka client reports', () => {
  const { ERROR, INFO } = kafkajs.logLevel

  it.each([
    ['Response Heartbeat(key: 12, version: 3)', 'The group is rebalancing, so a rejoin is needed'],
    ['Response GroupCoordinator(key: 10, version: 2)', 'The group coordinator is not available'],
    [
      'Response OffsetFetch(key: 9, version: 5)',
      'The coordinator is loading and hence cannot process requests for this group',
    ],
    ['Connection error: connect ECONNREFUSED 127.0.0.1:9092', undefined],
  ])('is quiet where it retries: %s %s', (message, error) => {
    expect(levelOf(ERROR, message, error)).toBe('debug')
  })

  it('is a warning where it does not', () => {
    expect(levelOf(ERROR, 'Connection: SASL authentication failed')).toBe('warn')
    expect(levelOf(INFO, 'Consumer has joined the group')).toBe('debug')
  })
})
