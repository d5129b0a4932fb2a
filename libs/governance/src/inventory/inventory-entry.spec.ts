import { makeKey } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { anyHistory } from '../testing/any-history.js'
import { days, history, NOW, written } from '../testing/histories.js'
import type { SlotChange } from '../history/credential-history.js'
import { ANA, BEN, retrieval, SHOP } from '../testing/retrievals.js'
import { inventoryEntry } from './inventory-entry.js'

const read = (accessor = ANA, daysAgo = 1, more = {}) =>
  retrieval({ fact: `${accessor.id} ${daysAgo}`, at: days(daysAgo), accessor, ...more })
const AGENT = { id: 'agent:a:b', kind: 'agent', name: 'assistant', keys: [makeKey('agent', 'cloudevents/acme', 'b')] } as const // prettier-ignore

describe('an entry of the inventory', () => {
  it('R2.1 tells age, rotation, last use, and whether it is static or issued', () => {
    expect(inventoryEntry(history({ changes: [written(10, { version: 1 })] }))).toMatchObject({
      name: 'secret/payments/stripe',
      issuance: 'static',
      lastRotation: days(10),
      ageDays: { days: 10, atLeast: false },
      lastUse: days(1),
      versionsSeen: 1,
    })
    expect(inventoryEntry(history({ changes: [] })).ageDays).toEqual({ days: 20, atLeast: true })
    expect(inventoryEntry(history({ retrievals: [read(SHOP, 1, { kind: 'lease-issued' })] })).issuance).toBe('dynamic')
    expect(inventoryEntry(history({ retrievals: [read(SHOP, 1, { kind: 'key-used' })] })).issuance).toBe('kept key')
    expect(inventoryEntry(history({ retrievals: [] })).issuance).toBe('unknown')
  })

  it('R2.1 says shared from who really obtained it, beside what is declared', () => {
    const stewardship = { declared: { shared: false } }
    expect(inventoryEntry(history({ retrievals: [read(), read(BEN)], stewardship })).shared).toEqual({
      observed: true,
      declared: false,
    })
    expect(inventoryEntry(history()).shared).toEqual({ observed: false })
  })

  it('R2.3 lists every place, and which may hold what was before the rotation', () => {
    const copies = [{ kind: 'ci-variable' as const, place: 'acme/shop', at: days(12), by: 'x' }]
    const { locations } = inventoryEntry(history({ retrievals: [read(), read(BEN, 11)], stewardship: { copies } }))
    expect(locations.map(({ place, basis, residual }) => [place, basis, residual])).toEqual([
      ['vault/prod-1 secret/payments/stripe', 'observed', false],
      ['acme/shop', 'declared', true],
      ['ana', 'observed', false],
      ['ben', 'observed', true],
    ])
  })

  it('R2.3 R1.9 says of each place that it may hold what was before an update that perhaps wrote another value', () => {
    const copies = [{ kind: 'ci-variable' as const, place: 'acme/shop', at: days(4), by: 'x' }]
    const given = { retrievals: [read(ANA, 2), read(BEN, 4)], stewardship: { copies } }
    const residual = (...changes: SlotChange[]) =>
      inventoryEntry(history({ ...given, changes }))
        .locations.filter((one) => one.residual)
        .map(({ place }) => place)
    expect(residual(written(10))).toEqual([])
    expect(residual(written(10), written(3, { perhaps: true }))).toEqual(['acme/shop', 'ben'])
    expect(residual(written(3, { perhaps: true }))).toEqual(['acme/shop', 'ben'])
    const { lastRotation, ageDays } = inventoryEntry(history({ changes: [written(10), written(3, { perhaps: true })] }))
    expect([lastRotation, ageDays]).toEqual([days(10), undefined])
  })

  it('R1.11 R2.5 tells who takes it out and what can be reached with it', () => {
    const entry = inventoryEntry(
      history({ retrievals: [read(SHOP), read(), read(AGENT)], stewardship: { declared: { reaches: ['billing'] } } }),
    )
    expect(entry.reach).toEqual({
      workloads: SHOP.keys,
      agents: AGENT.keys,
      people: ANA.keys,
      declared: ['billing'],
    })
    expect(entry.extractors.map(({ name }) => name).sort()).toEqual(['acme/shop', 'ana', 'assistant'])
  })

  it('R2.8 R2.9 holds what was registered by hand, and the rule that makes it privileged', () => {
    const registration = { system: 'paper/hq', path: 'bank', at: days(3), by: 'x' }
    const entry = inventoryEntry(
      history({
        retrievals: [],
        changes: [],
        slot: registration,
        stewardship: { registration },
        privileged: { id: 'root-path' },
      }),
    )
    expect(entry).toMatchObject({
      system: 'paper/hq',
      name: 'bank',
      privilegedBy: 'root-path',
      locations: [],
      extractors: [],
    })
  })

  it('is made of any history', () => {
    fc.assert(fc.property(anyHistory(), (given) => inventoryEntry(given).id === given.id && given.at === NOW))
  })
})
