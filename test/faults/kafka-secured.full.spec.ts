import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { testBrokerOrSkip } from '@catena/testing'
import { expectAll } from './kafka-expect.js'
import { KafkaField } from './kafka-field.js'
import { numbers } from './kafka-feed.js'
import type { Member } from './start-ingest.js'

jest.setTimeout(300_000)
const PASSWORD = 'right-horse-battery-staple'
const WRONG_PASSWORD = 'wrong-horse-battery-staple'
const broker = await testBrokerOrSkip({
  exclusive: true,
  login: { username: 'catena', password: PASSWORD, stranger: 'stranger' },
})
const describeKafka = broker === undefined ? describe.skip : describe
let field: KafkaField
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'catena-secured-'))
  if (broker !== undefined) field = await KafkaField.open(broker)
})
beforeEach(async () => {
  if (broker !== undefined) await field.createTopic()
})
afterEach(async () => {
  if (broker !== undefined) await field.clear()
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  if (broker !== undefined) await field.close()
})

/** Settings of a member that may log in, with some of them changed or left out. */
function settings(changed: Readonly<Record<string, string>> = {}, password = PASSWORD): Record<string, string> {
  const file = join(folder, 'password')
  writeFileSync(file, `${password}\n`, { mode: 0o600 })
  return {
    KAFKA_BROKERS: broker!.secure!.brokers.join(','),
    KAFKA_SSL: 'true',
    KAFKA_CA_FILE: broker!.secure!.caFile,
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_USERNAME: 'catena',
    KAFKA_PASSWORD_FILE: file,
    LOG_LEVEL: 'trace',
    ...changed,
  }
}

function expectNoSecret({ logged }: Member): void {
  expect(logged.length).toBeGreaterThan(0)
  expect(logged.filter((line) => line.includes(PASSWORD) || line.includes(WRONG_PASSWORD))).toEqual([])
}

describeKafka('a cluster with TLS and SCRAM-SHA-512', () => {
  it('R1.9 is read with the right settings', async () => {
    const startedMs = performance.now()
    const member = await field.join({ env: settings() })
    await field.send(numbers(0, 5_000))
    const inFlight = await field.behind()
    await expectAll(field, { fault: 'TLS and SCRAM-SHA-512', inFlight, startedMs, repeated: 0 })
    expectNoSecret(member)
  })

  it.each<[string, Record<string, string>, string, string]>([
    [
      'a wrong password',
      {},
      WRONG_PASSWORD,
      'the broker refused the login: check KAFKA_USERNAME and KAFKA_PASSWORD_FILE',
    ],
    ['an unknown user', { KAFKA_USERNAME: 'nobody' }, PASSWORD, 'the broker refused the login: check KAFKA_USERNAME'],
    ['an authority that is not known', { KAFKA_CA_FILE: '' }, PASSWORD, 'name its PEM file in KAFKA_CA_FILE'],
    ['another mechanism', { KAFKA_SASL_MECHANISM: 'scram-sha-256' }, PASSWORD, 'check KAFKA_SASL_MECHANISM'],
    [
      'no login',
      { KAFKA_SASL_MECHANISM: '', KAFKA_USERNAME: '', KAFKA_PASSWORD_FILE: '' },
      PASSWORD,
      'if a login, set KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD_FILE',
    ],
    ['a user without rights', { KAFKA_USERNAME: 'stranger' }, PASSWORD, "or Catena's user may Describe none of them: "],
    ['no TLS', { KAFKA_SSL: 'false', KAFKA_CA_FILE: '' }, PASSWORD, 'if it expects TLS, set KAFKA_SSL=true'],
  ])(
    'with %s is told in one line that names the setting, and loses nothing',
    async (_, changed, password, told) => {
      await field.send(numbers(0, 100))
      const member = field.start({ env: settings(changed, password) })
      const line = await member.says('Kafka cannot be read; trying again')
      expect((JSON.parse(line) as { error: string }).error).toContain(told)
      expectNoSecret(member)
      expect(member.logged.filter((one) => one.includes('"level":"error"'))).toHaveLength(1)
      await field.join({ env: settings() })
      await field.untilRead()
      expect(await field.ledger.head()).toBe(100)
    },
    60_000,
  )

  it('with TLS asked of a port without it is told in one line too', async () => {
    const member = field.start({ env: settings({ KAFKA_BROKERS: broker!.brokers.join(',') }) })
    const line = await member.says('Kafka cannot be read; trying again')
    expect((JSON.parse(line) as { error: string }).error).toContain('unset KAFKA_SSL')
    expectNoSecret(member)
  })
})
