import { connectorFor } from '@catena/connectors'
import type { SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { source } from '../fixtures/plain-connector.js'
import { Framer } from '../framing/framer.js'
import { wrongSource } from './right-source.js'

const VAULT = '{"time":"2026-03-01T12:00:00Z","type":"request","request":{"id":"r-1","path":"secret/data/a"}}'
const KEYCLOAK = '{"id":"e1","time":1772000000000,"type":"LOGIN","realmId":"acme","userId":"u1","sessionId":"s1"}'
const keycloak: SourceInstance = { ...source, id: 'idp', kind: 'keycloak' }

function judge(lines: readonly string[], to: SourceInstance): string | undefined {
  const framer = new Framer()
  return wrongSource([...framer.push(Buffer.from(`${lines.join('\n')}\n`)), ...framer.end('final')], to, connectorFor)
}

describe('records that another kind of source writes', () => {
  it('are told by name', () => {
    expect(judge([KEYCLOAK, '{"half', KEYCLOAK], source)).toBe(
      'these are records of keycloak, and vault-prod is a source of kind vault: nothing was stored; name a source of kind keycloak',
    )
    expect(judge([VAULT], keycloak)).toContain('records of vault')
  })
})

describe('records that may be those of the source', () => {
  it.each([
    ['known ones', [VAULT], source],
    ['one known among others', [KEYCLOAK, VAULT, KEYCLOAK], source],
    ['types that nobody knows', ['{"type":"new-thing"}', '{"a":1}'], source],
    ['some that nobody knows', [KEYCLOAK, '{"type":"new-thing"}'], source],
    ['unreadable ones', ['{"half', '[1]'], source],
    ['none', [], source],
  ] as const)('pass: %s', (_, lines, to) => {
    expect(judge(lines, to)).toBeUndefined()
  })
})
