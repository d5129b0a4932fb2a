import type { InventoryEntry, Location } from '@catena/governance'
import { describe, expect, it } from '@jest/globals'
import { renderEntry } from './render.js'

const ENTRY: InventoryEntry = {
  id: '1',
  system: 'vault/main',
  name: 'secret/payments/stripe',
  issuance: 'static',
  shared: { observed: true },
  environmentsSeen: [],
  versionsSeen: 1,
  locations: [],
  extractors: [],
  reach: { workloads: [], agents: [], people: [], declared: [] },
}

describe('a credential in the terminal', () => {
  it('R2.2 shows each place once, with the versions that went there', () => {
    const at = (place: string, more: Partial<Location> = {}): Location => ({ kind: 'runtime', place, basis: 'observed', residual: false, ...more }) // prettier-ignore
    const locations = [
      at('acme/web', { version: 10, residual: true }),
      at('acme/web', { version: 5, residual: true }),
      at('acme/web', { version: 10 }),
      at('acme/api', { version: 11 }),
      at('acme/api', { basis: 'declared' }),
    ]
    const impact = { consumers: [], copies: 0, complete: true }
    const shown = renderEntry({ entry: { ...ENTRY, locations }, impact }, { columns: 80, colour: false })
    expect(shown.match(/(?<=place {8}).*/g)).toEqual([
      'runtime acme/web (observed, versions 5, 10, may hold an old version)',
      'runtime acme/api (observed, version 11)',
      'runtime acme/api (declared)',
    ])
  })
})
