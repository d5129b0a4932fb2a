import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { matchesSlot, specificityOf } from './slot-pattern.js'

const slot = { system: 'vault/prod-1', container: 'secret/', path: 'payments/stripe' }
const matches = (path: string, system?: string): boolean =>
  matchesSlot({ path, ...(system === undefined ? {} : { system }) }, slot)

describe('a pattern of slots', () => {
  it.each(['secret/payments/stripe', 'secret/payments/*', 'secret/**', '**', '**/stripe', 'secret/*/str*pe', '**/**'])(
    '%s names secret/payments/stripe',
    (path) => expect(matches(path)).toBe(true),
  )

  it.each(['secret/*', 'secret/payments', 'secret/payments/stripe/*', 'payments/**', 'secret/*/str*p', ''])(
    '%s does not',
    (path) => expect(matches(path)).toBe(false),
  )

  it('may name a system', () => {
    expect(matches('**', 'vault/prod-1')).toBe(true)
    expect(matches('**', 'vault/prod-2')).toBe(false)
  })

  it('says more with more literal text', () => {
    expect(specificityOf({ path: 'secret/payments/*' })).toBeGreaterThan(specificityOf({ path: 'secret/**' }))
  })

  it('is decided quickly, whatever it is', () => {
    const step = fc.constantFrom('**', '*', 'a*', 'a', 'aaaa*a*a')
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const pattern = { path: steps.join('/') }
        // Well below one; what would try all ways takes longer each time, the collector and others on the machine do not.
        const cpuMs = (): number => {
          const began = process.cpuUsage()
          matchesSlot(pattern, { ...slot, path: 'a/'.repeat(100) })
          return process.cpuUsage(began).user / 1_000
        }
        return [cpuMs, cpuMs, cpuMs].some((measure) => measure() < 200)
      }),
    )
  })
})
