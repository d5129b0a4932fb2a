import { describe, expect, it } from '@jest/globals'
import type { KeyGroup } from './activity.js'
import { disputedRoles, equatedBy } from './equated.js'
import type { Key } from './keys.js'

const group = (names: readonly string[], more: Partial<KeyGroup> = {}): KeyGroup => ({
  role: 'caller', verb: 'presents', trust: 'verified', forms: names.map((key, index) => ({ key: key as Key, position: positions[index] ?? 1 })), ...more,
}) // prettier-ignore
/** Of the records that show the names first, in their order. */
let positions: readonly number[] = []
const pairs = (...given: Parameters<typeof group>): string[][] =>
  equatedBy(group(...given)).map((pair) => pair.map(({ key }) => key))

const CLEAR = 'vault-token:prod:AbC'
const OTHER = 'vault-token:prod:XyZ'
const HASHED = `vault-token:prod:hmac-sha256:${'0f'.repeat(32)}`
const MASKED = 'vault-token:prod:hmac:Zm9v'
const ACCOUNT = 'vault-account:prod:ada'

describe('forms of one group', () => {
  it('R1.4 are one thing: a clear value, its hashes on other devices, and names of other kinds', () => {
    expect(pairs([CLEAR, HASHED, MASKED])).toEqual([[CLEAR, HASHED], [CLEAR, MASKED], [HASHED, MASKED]]) // prettier-ignore
    expect(pairs([CLEAR, ACCOUNT])).toEqual([[CLEAR, ACCOUNT]])
    expect(disputedRoles({ groups: [group([CLEAR, HASHED, MASKED, ACCOUNT])] })).toEqual([])
  })

  it('R1.4 are two things where observers show two clear values, and the role is disputed', () => {
    expect(pairs([CLEAR, OTHER])).toEqual([])
    positions = [1, 2, 1, 2]
    expect(pairs([CLEAR, OTHER, HASHED, MASKED])).toEqual([[CLEAR, HASHED], [OTHER, MASKED]]) // prettier-ignore
    expect(pairs([CLEAR, OTHER, ACCOUNT])).toEqual([[CLEAR, ACCOUNT]]) // prettier-ignore
    positions = []
    expect(disputedRoles({ groups: [group([CLEAR, OTHER]), group([CLEAR], { role: 'issued' })] })).toEqual(['caller'])
  })

  it('R1.4 are nothing to each other where a caller claims them or a directory lists them', () => {
    for (const more of [{ trust: 'claimed' }, { verb: 'describes' }] as const) {
      expect(pairs([CLEAR, HASHED], more)).toEqual([])
      expect(disputedRoles({ groups: [group([CLEAR, OTHER], more)] })).toEqual([])
    }
  })
})
