import { describe, expect, it } from '@jest/globals'
import { recordLine } from '../fixtures/plain-connector.js'
import { unwrap } from './unwrap.js'

const line = recordLine(1, { error: 'quote " and \\ back' })
const filebeat = (message: string) => ({
  '@timestamp': '2026-01-01T00:00:00.000Z',
  '@metadata': { beat: 'filebeat', type: '_doc', version: '8.15.0' },
  message,
  log: { offset: 4711, file: { path: '/var/log/vault/audit.log' } },
  input: { type: 'filestream' },
  agent: { type: 'filebeat', version: '8.15.0', id: 'a-1' },
  ecs: { version: '8.0.0' },
  host: { name: 'vault-0' },
})
const vector = (message: string) => ({
  file: '/var/log/vault/audit.log',
  host: 'vault-0',
  message,
  source_type: 'file',
  timestamp: '2026-01-01T00:00:00.000Z',
})
const fluentBit = (log: string) => ({ date: 1767225600.123, log })

describe('a line in a wrapping', () => {
  it.each([
    ['Filebeat', filebeat(line)],
    ['Vector', vector(line)],
    ['Fluent Bit', fluentBit(line)],
    ['Fluent Bit with a time stamp', { '@timestamp': '2026-01-01T00:00:00Z', log: line }],
    ['Fluent Bit in Kubernetes', { ...fluentBit(line), stream: 'stdout', kubernetes: { pod_name: 'vault-0' } }],
    ['the Docker runtime', { log: `${line}\n`, stream: 'stdout', time: '2026-01-01T00:00:00.1Z' }],
    ['Vector behind Filebeat', vector(JSON.stringify(filebeat(line)))],
  ])('of %s is taken out exactly', (_, wrapping) => {
    expect(unwrap(JSON.stringify(wrapping))).toBe(line)
    expect(unwrap(JSON.stringify(wrapping, null, 2))).toBe(line)
  })

  it('keeps the prefix and what is broken in it', () => {
    expect(unwrap(JSON.stringify(filebeat(`vault-b: ${line}`)))).toBe(`vault-b: ${line}`)
    expect(unwrap(JSON.stringify(vector(line.slice(0, 40))))).toBe(line.slice(0, 40))
  })
})

const event =
  '{"uuid":"e-1", "published":"2026-01-01T00:00:00.000Z","eventType":"user.session.start","n":1.0,"s":"a \\"]}{\\\\"}'
const hook = (...events: string[]): string =>
  `{"eventType":"com.okta.event_hook","eventTypeVersion":"1.0","cloudEventsVersion":"0.1","eventID":"h-1",
    "source":"https://acme.okta.com/api/v1/eventHooks/who1","data":{"note":["events"],"events":[ ${events.join(' , ')} ]}}`
const eventBridge = (detail: string, more = ''): string =>
  `{"version":"0","id":"b-1","detail-type":"SystemLog","source":"aws.partner/okta.com/acme/stream","account":"111122223333",
    "time":"2026-01-01T00:00:01Z","region":"eu-west-1","resources":[],${more}"detail":${detail}}`

describe('an event in an envelope', () => {
  it.each([
    ['of an Okta event hook', hook(event)],
    ['of EventBridge', eventBridge(event)],
    ['of EventBridge behind a shipper', JSON.stringify(vector(eventBridge(event)))],
  ])('%s is taken out exactly', (_, text) => {
    expect(unwrap(text)).toBe(event)
  })

  it.each([
    ['an event hook of several events', hook(event, event)],
    ['an event hook of none', hook()],
    ['an event that speaks of event hooks', '{"eventType":"x.y","note":"com.okta.event_hook","data":{"events":[{}]}}'],
    ['an object with members that EventBridge does not write', eventBridge(event, '"actor":"a",')],
    ['an envelope without an object', eventBridge('"text"')],
    ['a broken envelope', eventBridge(event).slice(0, -1)],
  ])('is left in %s', (_, text) => {
    expect(unwrap(text)).toBe(text)
  })
})

describe('a record of a source', () => {
  it.each([
    ['Vault audit', { time: 't', type: 'request', request: { id: 'x', data: { message: '{"a":"b"}' } } }],
    ['Vault server log', { '@level': 'info', '@message': 'x {"a":1}', '@timestamp': 't', log: '{"a":1}' }],
    [
      'Keycloak log',
      { timestamp: 't', sequence: 1, loggerName: 'org.keycloak.events', message: '{"a":"b"}', hostName: 'h' },
    ],
    ['Okta', { uuid: 'u', published: 't', eventType: 'x', displayMessage: '{"a":"b"}' }],
    ['GitHub', { action: 'x', '@timestamp': 1, message: '{"a":"b"}', actor: 'a' }],
    ['one with a bare message', { message: '{"a":"b"}' }],
    ['one whose message is text', { '@timestamp': 't', message: 'say "hello"', agent: {} }],
  ])('of %s stays as it is', (_, record) => {
    const text = JSON.stringify(record)
    expect(unwrap(text)).toBe(text)
  })
})
