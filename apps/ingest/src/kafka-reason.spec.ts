import { describe, expect, it } from '@jest/globals'
import { kafkaReason } from './kafka-reason.js'

const WELL = { isConsuming: true, isLedgerWaitedFor: false, stoppedLanes: [], missingTopics: [], seesNoTopic: false }

describe('Kafka', () => {
  it.each([
    ['that is read', {}, undefined],
    ['of which some topics do not exist yet', { missingTopics: ['catena.ci'] }, undefined],
    ['without any topic', { isConsuming: false, missingTopics: ['catena.ci'], seesNoTopic: true }, 'Kafka is not read: no topic is there, or may be seen, of catena.ci'],
    ['that went away with some topics never made', { isConsuming: false, missingTopics: ['catena.ci'] }, 'Kafka is not read: see the log'],
    ['that does not answer', { isConsuming: false }, 'Kafka is not read: see the log'],
    ['whose records wait', { isLedgerWaitedFor: true }, 'records from Kafka wait for the database'],
    ['with a partition made anew', { stoppedLanes: ['kafka:c/t/0'] }, 'not read until an operator decides: kafka:c/t/0'],
  ])('%s is told as such', (_, more, expected) => {
    expect(kafkaReason({ ...WELL, ...more })).toBe(expected)
  }) // prettier-ignore
})
