import type { Json } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { chainOf, given, sourceOf, type Given } from './walked-records.js'

const VAULT = sourceOf('vault')
const record = (name: string, changes: Readonly<{ [path: string]: Json | undefined }> = {}): Given =>
  given(VAULT, name, changes)

const asked = record('read-wrapped')
const opened = record('unwrap-by-bearer')
const agreed = record('control-group-authorized')

describe('a secret behind a control group', () => {
  it('R1.1 R3.1 was permitted by whoever agreed to the wrapping that it was unwrapped from, proven', async () => {
    const { right } = await chainOf(asked, agreed, opened)
    expect(right.approvals).toMatchObject([
      { state: 'proven', decision: 'approved', approver: { kind: 'account', name: 'oidc-nora@tideline.example' } },
    ])
  })

  it('R1.4 was permitted by nobody while more have to agree', async () => {
    const first = record('control-group-first-of-two')
    const one = await chainOf(asked, first, opened)
    expect(one.right.approvals.map(({ decision }) => decision)).toEqual(['proposed approved'])
    const both = await chainOf(asked, first, agreed, opened)
    expect(both.right.approvals.map(({ decision }) => decision)).toEqual(['proposed approved', 'approved'])
  })

  it('R1.4 that was agreed to for another wrapping is not permitted', async () => {
    const other = record('control-group-authorized', { 'request.data': { accessor: `hmac-sha256:${'9'.repeat(64)}` } })
    expect((await chainOf(asked, other, opened)).right.approvals).toEqual([])
  })

  it('R3.1 is not permitted by the requester', async () => {
    const entity = 'bc91cfff-1a07-49cf-edb7-26eec1673aa2'
    const own = record('control-group-authorized', { 'auth.entity_id': entity })
    const { right } = await chainOf(asked, own, record('unwrap-by-bearer', { 'auth.policy_results': undefined }))
    expect([right.state, right.approvals.length]).toEqual(['missing', 1])
  })

  it('R3.1 is not permitted where the requester was one of the two who had to agree', async () => {
    const entity = 'bc91cfff-1a07-49cf-edb7-26eec1673aa2'
    const own = record('control-group-first-of-two', { 'auth.entity_id': entity })
    const plain = record('unwrap-by-bearer', { 'auth.policy_results': undefined })
    const { right } = await chainOf(asked, own, agreed, plain)
    expect([right.state, right.approvals.map(({ permits }) => permits)]).toEqual(['missing', [false, false]])
  })

  it('R1.4 is no root’s because a root agreed', async () => {
    const byRoot = record('control-group-authorized', { 'auth.display_name': 'root', 'auth.policies': ['root'] })
    const { path } = await chainOf(byRoot, opened)
    expect(path.state).toBe('missing')
  })
})
