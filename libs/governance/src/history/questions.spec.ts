import { describe, expect, it } from '@jest/globals'
import { summarise } from '../access-summary/access-summary.js'
import { days, history, type Given } from '../testing/histories.js'
import { ANA, BEN, retrieval } from '../testing/retrievals.js'
import { isDynamic, isKeptKey } from './questions.js'
import { newestOfEach, type Retrieval } from './retrieval.js'

const used = (daysAgo: number, more: Partial<Retrieval> = {}) =>
  retrieval({ fact: `${daysAgo}`, at: days(daysAgo), ...more })

/** Sums over all of them; only the first is held one by one. */
const cut = (all: readonly Retrieval[]): Given => ({
  accessors: summarise('c'.repeat(32), all),
  retrievals: all.slice(0, 1),
  older: true,
})

describe('what a secret is', () => {
  it('R2.1 is no kept key where it was taken out once, however often it was only used since', () => {
    expect(isKeptKey(history(cut([used(1, { kind: 'key-used' }), used(2, { kind: 'key-used' })])))).toBe(true)
    expect(isKeptKey(history(cut([used(1, { kind: 'key-used' }), used(2)])))).toBe(false)
  })

  it('R3.2 is issued anew where it once was, and is neither where every attempt was refused', () => {
    const lease = used(300, { kind: 'lease-issued', accessor: BEN })
    expect(isDynamic(history(cut([used(1), lease])))).toBe(true)
    expect(isDynamic(history(cut([used(1), { ...lease, outcome: 'denied' }])))).toBe(false)
    expect(isDynamic(history({ retrievals: [used(1, { outcome: 'denied' })] }))).toBe(undefined)
  })

  it('R4.1 is issued anew by its declaration only where no record shows it static, however old', () => {
    const stewardship = { declared: { kind: 'dynamic' as const } }
    const lease = used(1, { kind: 'lease-issued' })
    expect(isDynamic(history({ ...cut([lease, used(2, { kind: 'lease-issued' })]), stewardship }))).toBe(true)
    expect(isDynamic(history({ ...cut([used(1, { kind: 'response-unwrapped' }), used(2)]), stewardship }))).toBe(false)
    expect(isDynamic(history({ ...cut([used(1, { kind: 'key-used' }), used(2, { kind: 'key-used' })]), stewardship }))).toBe(false) // prettier-ignore
  })
})

describe('the newest of each', () => {
  it('R5.2 are those that obtained it and those that did not, and neither crowds out the other', () => {
    const refused = [1, 2, 3].map((day) => used(day, { outcome: day === 2 ? 'failed' : 'denied', accessor: ANA }))
    const obtained = [4, 5, 6].map((day) => used(day, { outcome: day === 5 ? 'unknown' : 'succeeded' }))
    expect(newestOfEach([...refused, ...obtained], 2).map(({ fact }) => fact)).toEqual(['1', '2', '4', '5'])
  })
})
