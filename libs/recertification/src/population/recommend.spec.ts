import { describe, expect, it } from '@jest/globals'
import { accessRow } from '../testing/access.js'
import { recommend } from './recommend.js'

const NOW = Date.UTC(2026, 4, 30)

describe('an access of which no use is certain', () => {
  it('R6.3 is not recommended to be revoked as never used where it perhaps was: somebody has to look', () => {
    expect(recommend(accessRow({ uses: 0 }), NOW, false)).toMatchObject({ decision: 'look', rule: 'perhaps used' })
    const never = accessRow({ uses: 0, firstUsedAt: undefined, lastUsedAt: undefined })
    expect(recommend(never, NOW, false)).toMatchObject({ decision: 'revoke', rule: 'never used' })
  })

  it('R6.3 is recommended to be revoked where it was not even perhaps used for long', () => {
    const long = accessRow({ uses: 0, lastUsedAt: Date.UTC(2026, 0, 1) })
    expect(recommend(long, NOW, false)).toMatchObject({ decision: 'revoke', rule: 'unused' })
  })
})
