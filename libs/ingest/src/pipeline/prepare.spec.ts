import { text } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { createHmac, hkdfSync } from 'node:crypto'
import { intake, keys, recordLine } from '../fixtures/plain-connector.js'
import { frameWhole } from '../framing/framed.js'
import { BoundedCache } from './bounded-cache.js'
import { deriveIntakeKeys } from './intake-keys.js'
import { prepareRecord, prepareRecords, type Prepared } from './prepare.js'
import { shapeOf } from './shape.js'

const locator = { door: 'file', file: 'audit.log', from: 0, to: 1 } as const
const CANARY = 'hvs.CAESIJcanarycanarycanarycanary'

function prepare(text: string | Buffer): Prepared {
  return prepareRecord(frameWhole(Buffer.from(text))!, locator, 1234, intake)
}

function recordOf(text: string) {
  const prepared = prepare(text)
  if ('quarantined' in prepared) throw new Error(prepared.quarantined.reason)
  return prepared.record
}

function quarantinedOf(text: string | Buffer) {
  const prepared = prepare(text)
  if ('record' in prepared) throw new Error('stored')
  return prepared.quarantined
}

describe('a readable record', () => {
  it('is stored redacted, dated by its source, under a keyed id', () => {
    const line = recordLine(1, { secret: CANARY })
    const record = recordOf(line)
    const key = Buffer.from(hkdfSync('sha256', Buffer.alloc(32, 7), '', 'catena intake record-id', 32))
    const id = createHmac('sha256', key).update(`vault-prod\0${line}`).digest().subarray(0, 16)
    expect(record).toMatchObject({
      source: 'vault-prod',
      stream: 'audit',
      type: 'request',
      schemaVersion: 3,
      recordId: id,
    })
    expect(record.occurredAt).toBe(Date.UTC(2026, 0, 1, 0, 0, 1))
    expect(JSON.parse(record.payload.toString())).toMatchObject({ secret: keys.mask(CANARY) })
    expect(record.payload.toString()).not.toContain(CANARY)
  })

  it('has an id by each of its characters where its source writes no JSON', () => {
    const parse = (line: string) => ({ type: 'x', line })
    const plain = { ...intake, connector: { ...intake.connector, parse } }
    const idOf = (line: string) => {
      const prepared = prepareRecord(frameWhole(Buffer.from(line))!, locator, 1234, plain)
      return 'record' in prepared ? prepared.record.recordId.toString('hex') : 'quarantined'
    }
    expect(idOf('a: [b, c]')).not.toBe(idOf('a:[b,c]'))
    expect(idOf('a: [b, c]')).toBe(idOf('a: [b, c]'))
  })

  it('is dated by its receipt where the source writes no time', () => {
    const identify = () => ({ stream: 's', type: 'x', occurredAt: NaN, known: true })
    const odd = { ...intake, connector: { ...intake.connector, identify } }
    expect(prepareRecord(frameWhole(Buffer.from('{}'))!, locator, 1234, odd)).toMatchObject({ record: { occurredAt: 1234, isTimed: false } }) // prettier-ignore
    expect(recordOf('{"type":"x"}').occurredAt).toBe(1234)
  })

  it('has one id however it was spaced, prefixed or wrapped', () => {
    const line = recordLine(1, { note: 'a, b: "c" {d} \\' })
    const wrapped = JSON.stringify({ '@timestamp': 't', message: `vault-b: ${line}\n`, agent: { type: 'filebeat' } })
    const spellings = [
      line,
      JSON.stringify(JSON.parse(line), null, 2),
      `vault-b: ${line}`,
      `\uFEFF${line}\r\n`,
      wrapped,
    ]
    const records = spellings.map(recordOf)
    for (const record of records) expect(record).toEqual(records[0])
  })

  it('has another id in another source, and where a number is spelled or a member placed otherwise', () => {
    const texts = [
      '{"a":1,"b":2}',
      '{"a":1.0,"b":2}',
      '{"b":2,"a":1}',
      '{"a":1,"b" :2 ,"c":" "}',
      '{"a":1,"b":2,"c":""}',
    ]
    const ids = texts.map((text) => recordOf(text).recordId.toString('hex'))
    expect(new Set(ids).size).toBe(texts.length)
    expect(keys.recordId('other', texts[0]!).toString('hex')).not.toBe(ids[0])
  })

  it('is listed by type where no redaction rule knows it', () => {
    const framed = ['new', 'new', 'request'].map((type, n) => frameWhole(Buffer.from(recordLine(n, { type })))!)
    const { unclassified } = prepareRecords(framed, () => locator, 0, intake)
    expect([...unclassified].map(({ type }) => type)).toEqual(['new', 'new'])
  })

  it('names its subjects by pseudonyms only', () => {
    const framed = frameWhole(Buffer.from('{"who":"alice"}'))!
    const prepared = prepareRecord(framed, locator, 0, { ...intake, subjectsOf: (record) => [text(record['who'])!] })
    expect(prepared).toMatchObject({ record: { subjects: [keys.subject('alice')] } })
  })
})

describe('a line that ends in JSON', () => {
  it('is no record with a prefix where its source knows of none such', () => {
    const line = `2026-01-01T00:00:00Z [INFO] core: told: ${recordLine(1)}`
    expect(quarantinedOf(line)).toMatchObject({ reason: 'no JSON object', lengthBytes: line.length })
  })
})

describe('an envelope of several events', () => {
  it('in one message is quarantined, because a message is one record', () => {
    const text = JSON.stringify({ eventType: 'com.okta.event_hook', data: { events: [{ a: CANARY }, { b: 1 }] } })
    const quarantined = quarantinedOf(text)
    expect(quarantined.reason).toMatch(/^several events in one event hook: /)
    expect(JSON.stringify(quarantined)).not.toContain(CANARY)
  })
})

describe('a poison record', () => {
  it.each([
    ['broken JSON', `{"type":"x","secret":"${CANARY}"`, 'no JSON object'],
    ['no object', `["${CANARY}"]`, 'JSON, but no object'],
    ['a failing connector', `{"type":"crash","secret":"${CANARY}"}`, 'connector failed: TypeError'],
    ['white space inside a number', '{"type":"x" ,"n":-\t7}', 'no JSON object'],
    ['white space between two numbers', '{"type":"x", "n":1 2}', 'no JSON object'],
    ['white space inside a word', '{"type":"x","n":tr ue}', 'no JSON object'],
    ['NUL', `{"type":"x","secret":"${CANARY}\0"}`, 'NUL byte in the record'],
    ['a plain line', `token ${CANARY} was given`, 'no JSON object'],
  ])('%s is quarantined and quotes nothing', (_, text, reason) => {
    const quarantined = quarantinedOf(text)
    expect(quarantined).toMatchObject({ reason, source: 'vault-prod', locator, lengthBytes: Buffer.byteLength(text) })
    expect(quarantined.recordId).toHaveLength(16)
    const written = JSON.stringify(quarantined)
    for (let at = 0; at + 6 <= CANARY.length; at += 1) expect(written).not.toContain(CANARY.slice(at, at + 6))
  })

  it('leaves its neighbours stored', () => {
    const texts = [recordLine(1), '{"type":"crash"}', recordLine(2), '{', recordLine(3)]
    const framed = texts.map((text) => frameWhole(Buffer.from(text))!)
    const { records, quarantined } = prepareRecords(framed, (_, index) => ({ ...locator, from: index }), 0, intake)
    expect(records).toHaveLength(3)
    expect(quarantined.map(({ locator }) => locator)).toEqual([
      { ...locator, from: 1 },
      { ...locator, from: 3 },
    ])
  })

  it('keeps its shape only', () => {
    expect(shapeOf('{"Zoë": "pässword-42", "x":"日本\u0301\n😀"}')).toBe('{"aaa": "aaaaaaaa-99", "a":"aaa?😀"}')
    expect(shapeOf('é'.repeat(500))).toBe('a'.repeat(200))
  })
})

describe('the keys', () => {
  it('differ by use', () => {
    const hashes = [keys.mask('x').slice(5), keys.subject('x').toString('base64url')]
    expect(new Set(hashes).size).toBe(2)
    expect(keys.mask('x')).toMatch(/^hmac:[\w-]{22}$/)
    expect(keys.mask('x')).toBe(deriveIntakeKeys(Buffer.alloc(32, 7)).mask('x'))
    expect(keys.mask('x')).not.toBe(deriveIntakeKeys(Buffer.alloc(32, 8)).mask('x'))
  })

  it('refuse a short installation key', () => {
    expect(() => deriveIntakeKeys(Buffer.alloc(16))).toThrow(RangeError)
  })

  it('remember a bounded number of masks', () => {
    const cache = new BoundedCache<string>(2)
    const computed: string[] = []
    const get = (key: string) => cache.get(key, (missing) => `${computed.push(missing)}${missing}`.slice(-1))
    expect(['a', 'b', 'a', 'c', 'a', 'd', 'e', 'b'].map(get)).toEqual(['a', 'b', 'a', 'c', 'a', 'd', 'e', 'b'])
    expect(computed).toEqual(['a', 'b', 'c', 'd', 'e', 'b'])
  })
})
