import { describe, expect, it } from '@jest/globals'
import { asFirstError, asKafkaError, KafkaRefused } from './refusal.js'

describe('what a broker or client says of a wrong setting', () => {
  it.each([
    ['Connection error: self-signed certificate in certificate chain', 'KAFKA_CA_FILE'],
    ['Connection error: unable to verify the first certificate', 'KAFKA_CA_FILE'],
    ["Connection error: Hostname/IP does not match certificate's altnames: IP: 10.0.0.1", 'KAFKA_BROKERS'],
    ['Connection error: certificate has expired', 'renewed'],
    ['Connection error: 80C8:error:0A00010B:SSL routines::wrong version number', 'unset KAFKA_SSL'],
    ['SASL SCRAM SHA512 authentication failed: Authentication failed during authentication', 'KAFKA_PASSWORD_FILE'],
    ['SASL SCRAM-SHA-256 mechanism is not supported by the server', 'KAFKA_SASL_MECHANISM'],
    ['Not authorized to access group: Group authorization failed', 'catena-ingest'],
  ])('is told with the setting: %s', (message, setting) => {
    const told = asKafkaError(new Error('retries exceeded', { cause: new Error(message) }))
    expect(told).toBeInstanceOf(KafkaRefused)
    expect((told as Error).message).toContain(setting)
    expect((told as Error).message).not.toContain('\n')
  })

  it('is not guessed from a broker that is away', () => {
    const away = new Error('Connection error: connect ECONNREFUSED 127.0.0.1:9092')
    expect([asKafkaError(away), asFirstError(away)]).toEqual([away, away])
  })

  it('is guessed from a broker that hangs up, at the first contact only', () => {
    const closed = new Error('Closed connection')
    expect(asKafkaError(closed)).toBe(closed)
    expect((asFirstError(closed) as Error).message).toContain('KAFKA_SSL=true')
  })
})
