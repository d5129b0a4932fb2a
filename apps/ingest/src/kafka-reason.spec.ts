import { describe, expect, it } from '@jest/globals'
import { kafkaReason } from './kafka-reason.js'

const WELL = { isConsuming: true, isLedgerWaitedFor: false, stoppedLanes: [], missingTopics: [] }

describe('Kafka', () => {
  it.each([
    ['that is read', {}, undefined],
    ['of which some topics do not exist yet', { missingTopics: ['catena.ci'] }, undefined],
    ['without any topic', { isConsuming: false, missingTopics: ['catena.ci'] }, 'Kafka is not read: there is no topic catena.ci'],
    ['that does not answer', { isConsuming: false }, 'Kafka is not read: see the log'],
    ['whose records wait', { isLedgerWaitedFor: true }, 'records from Kafka wait for the database'],
    ['with a partition made anew', { stoppedLanes: ['kafka:c/t/0'] }, 'not read until an operator decides: kafka:c/t/0'],
  ])('%s is told as such', (_, more, expected) => {
    expect(kafkaReason({ ...WELL, ...more })).toBe(expected)
  }) // prettier-ignore
})
