import type { Chain } from '@catena/access-chain'
import { describe, expect, it } from '@jest/globals'
import { summarise } from '../libs/governance/src/access-summary/access-summary.js'
import { Hops } from '../libs/governance/src/history/accessor.js'
import { evaluate } from '../libs/governance/src/controls/evaluate.js'
import { CONTROLS } from '../libs/governance/src/controls/registry.js'
import { retrievalOf } from '../libs/governance/src/history/retrieval.js'
import { history } from '../libs/governance/src/testing/histories.js'
import { retrieval, SHOP } from '../libs/governance/src/testing/retrievals.js'
import { chainOf, given, sourceOf } from './walked-records.js'

const VAULT = sourceOf('vault')
const ASKING = { 'auth.entity_id': 'bc91cfff-1a07-49cf-edb7-26eec1673aa2' }
const NOBODY = { 'auth.entity_id': undefined }
const asked = given(VAULT, 'read-wrapped')
const opened = given(VAULT, 'unwrap-by-bearer', { 'auth.policy_results': undefined })
const first = (changes = {}) => given(VAULT, 'control-group-first-of-two', changes)
const second = (changes = {}) => given(VAULT, 'control-group-authorized', changes)

/** Of one held as it is, and of one that only its sums are left of. */
function verdictsOf(chain: Chain): (string | undefined)[] {
  const [seen, newer] = [
    retrievalOf(chain, new Hops(new Map())),
    retrieval({ accessor: SHOP, at: chain.fact.occurredAt + 1_000 }),
  ]
  const accessors = summarise('c'.repeat(32), [seen, newer])
  const histories = [history({ retrievals: [seen] }), history({ retrievals: [newer], accessors, older: true })]
  const control = CONTROLS.filter(({ id }) => id === 'requester-not-approver')
  return histories.map((one) => evaluate(one, control).results[0]?.verdict)
}

describe('the control of who approves, over what a walk says of approvals', () => {
  it('R3.1 fails where whoever asked was one of those who agreed, or the only one', async () => {
    for (const told of [[first(ASKING), second()], [second(ASKING)]])
      expect(verdictsOf(await chainOf(asked, ...told, opened))).toEqual(['uncontrolled', 'uncontrolled'])
  })

  it('R1.4 R3.1 does not know where no record names who approved', async () => {
    expect(verdictsOf(await chainOf(asked, second(NOBODY), opened))).toEqual(['unknown', 'unknown'])
  })

  it('R3.1 passes where others approved', async () => {
    const besides = [ASKING, NOBODY].map((by) => [second(), second({ ...by, 'request.id': 'another' })])
    for (const told of [[first(), second()], [second()], ...besides])
      expect(verdictsOf(await chainOf(asked, ...told, opened))).toEqual(['controlled', 'controlled'])
  })
})
