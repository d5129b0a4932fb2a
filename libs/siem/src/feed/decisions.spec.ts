import { describe, expect, it } from '@jest/globals'
import { toOcsf } from '../formats/ocsf/to-ocsf.js'
import { ocsfValidator } from '../testing/schemas.js'
import { draftOfDecision } from './content-of-decision.js'
import { DECISION_READINGS } from './decision-readings.js'

const told = (type: string, data: object) =>
  draftOfDecision({ event: { type, data: data as never }, by: { actor: 'person:a', at: 5 }, stream: 's', version: 2, position: 9, causation: undefined }, DECISION_READINGS).content // prettier-ignore

describe('what was decided', () => {
  it('R8.1 is told by a kind of its own where there is one, and never left out', () => {
    expect(told('VerdictChanged', { credential: 'c', control: 'x', from: 'controlled', to: 'uncontrolled' })).toMatchObject({ kind: 'verdict-changed', severity: 3, details: { verdict: 'uncontrolled' } }) // prettier-ignore
    expect(told('ReviewOutcomeSet', { outcome: { kind: 'certify' } }).kind).toBe('decision-certified')
    expect(told('ReviewOutcomeSet', { outcome: { kind: 'revoke' } }).kind).toBe('decision-revoked')
    expect(told('SomethingNew', { secret: 'x' })).toMatchObject({ kind: 'outcome-recorded', type: 'SomethingNew', reference: 's/2' }) // prettier-ignore
    expect(JSON.stringify(told('SomethingNew', { secret: 'hunter2' }))).not.toContain('hunter2')
  })

  it('R8.1 calls an exception no certification, and a control that applies no more no pass', () => {
    expect(told('ReviewOutcomeSet', { outcome: { kind: 'exception' } }).kind).toBe('outcome-recorded')
    const content = told('VerdictChanged', { credential: 'c', control: 'x', from: 'uncontrolled' })
    const event = { sequence: 1, id: 'a', revision: 1, hash: 'b', recordedAt: 6, content }
    expect(toOcsf(event, 7)).toMatchObject({ compliance: { status_id: 0, status: 'Unknown' } })
    expect(ocsfValidator()(toOcsf(event, 7))).toEqual([])
  })
})
