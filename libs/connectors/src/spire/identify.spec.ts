import { describe, expect, it } from '@jest/globals'
import { spire } from './index.js'

const called = (service: string, method: string) =>
  spire.identify({ type: 'audit', level: 'info', time: '2026-01-01T00:00:00Z', service, method })

describe('a call of the API of SPIRE', () => {
  it.each([
    [`svid.v1.AKIA${'CANARY'.repeat(3).slice(0, 16)}`, 'MintX509SVID'],
    ['svid.v1.SVID', `AKIA${'CANARY'.repeat(3).slice(0, 16)}`],
  ])('R2.6 is of no type that hides a secret: %s %s', (service, method) => {
    expect(called(service, method)).toMatchObject({ type: 'unknown', known: false })
  })

  it('is named by its service and method', () => {
    expect(called('svid.v1.SVID', 'MintX509SVID')).toMatchObject({ type: 'svid.v1.SVID.MintX509SVID', known: true })
  })
})
