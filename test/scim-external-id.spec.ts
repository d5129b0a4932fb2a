import { joinsAt } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import type { Federation, Json } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw } from '../libs/connectors/src/fixture-cases.js'
import { given, sourceOf } from './walked-records.js'

const OKTA: Federation = { mount: 'externalId/', issuer: { kind: 'okta', scope: 'tideline' }, claims: { sub: 'externalId' } } // prettier-ignore
const USER = 'person:scim/tideline:5f1d'

/** What the requests of a client join, at the end. */
function joined(alias: string, federations: readonly Federation[], changes: readonly Record<string, Json>[]): string[] {
  const source = sourceOf('scim', { federations })
  const facts = changes.map((change, index) => {
    const { text } = given(source, 'user-created', { at: `2026-11-2${index}T08:00:00.000Z`, ...change })
    return interpretRaw(connectorFor('scim'), source, text, { position: index + 1, recordId: `record-${index}` })
  })
  return joinsAt(alias as never, facts, Date.parse('2026-12-01')).map(({ principal }) => principal)
}

describe('an externalId of a SCIM client', () => {
  const pilar = 'person:okta/tideline:00u1pilar'

  it('R1.6 names the same person at the provider that the operator declares', () => {
    expect(joined(pilar, [OKTA], [{}])).toEqual([USER])
  })

  it('R1.4 joins nothing where nobody declared whose id it is', () => {
    expect(joined(pilar, [], [{}])).toEqual([])
  })

  it('R1.4 joins nothing where it is declared to be an e-mail address, which can change hands', () => {
    expect(joined(pilar, [{ ...OKTA, claims: { email: 'externalId' } }], [{}])).toEqual([])
  })

  it('R1.6 of Entra is the same id in either case', () => {
    const entra: Federation = { ...OKTA, issuer: { kind: 'entra', scope: 'tideline' }, claims: { oid: 'externalId' } }
    expect(joined('person:entra/tideline:8b1f-aa', [entra], [{ 'body.externalId': '8B1F-AA' }])).toEqual([USER])
  })

  it('R1.6 joins no more once the client took it back', () => {
    const replaced = { operation: 'replace', 'body.externalId': '' }
    expect(joined(pilar, [OKTA], [{}, replaced])).toEqual([])
  })
})
