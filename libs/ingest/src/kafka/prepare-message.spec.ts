import { describe, expect, it } from '@jest/globals'
import { keys } from '../fixtures/plain-connector.js'
import type { KafkaIngest } from './kafka-ingest.js'
import { messagePreparer } from './prepare-message.js'

const TOPIC = 'catena.vault'
const ingest = { topics: [{ topic: TOPIC }], sourceOf: () => undefined, keys } as unknown as KafkaIngest

function preparedFrom(source: string) {
  const message = { value: Buffer.from('{}'), headers: { 'catena-source': source }, offset: 1n }
  return messagePreparer(ingest, TOPIC)(message, 0, 0)
}

describe('a message of a source that is not configured', () => {
  it('is quarantined under the name that it bears', () => {
    expect(preparedFrom('vault-b')).toMatchObject({ quarantined: { source: 'vault-b', reason: 'unknown source' } })
  })

  it.each([['hvs', 'CAESIJcanarycanarycanarycanary'].join('.'), `AKIA${'CANARY'.repeat(3).slice(0, 16)}`, 'no name'])(
    'R2.6 is quarantined under none where that hides a secret or is no name: %s',
    (named) => expect(preparedFrom(named)).toMatchObject({ quarantined: { source: 'unknown' } }),
  )
})
