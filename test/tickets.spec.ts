import type { Json } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { chainOf, given, sourceOf, type Given } from './walked-records.js'

const STORE = sourceOf('cloudevents')
const TICKETS = sourceOf('cloudevents', { id: 'tickets', scope: 'tickets', federations: [] })

const ticket = (name: string, time: string, changes: Readonly<{ [path: string]: Json }> = {}): Given =>
  given(TICKETS, name, { time, ...changes })
const session = given(STORE, 'session-autonomous')
const retrieved = (request: Json, time = '2026-11-23T06:00:00Z'): Given =>
  given(STORE, 'secret-retrieved-under-a-request', { time, 'data.request': request })

const checked = { id: 'REQ-41', system: 'cloudevents/tickets', checked: true }
const approved = ticket('approval-approved', '2026-11-23T05:30:00Z')

describe('a ticket that permits a retrieval elsewhere', () => {
  it('R1.1 R3.1 is its right, proven, where the store checked the ticket with its system', async () => {
    const { right } = await chainOf(session, approved, retrieved(checked))
    expect(right).toMatchObject({
      state: 'proven',
      approvals: [{ decision: 'approved', permits: true, approver: { name: 'nora' } }],
    })
  })

  it('R1.4 is nothing where somebody typed its number', async () => {
    const { right } = await chainOf(session, approved, retrieved({ id: 'REQ-41', system: 'cloudevents/tickets' }))
    expect([right.state, right.approvals]).toEqual(['missing', []])
  })

  it('R1.4 is nothing where the number is another system’s', async () => {
    const { right } = await chainOf(session, approved, retrieved({ id: 'REQ-41' }))
    expect([right.state, right.approvals]).toEqual(['missing', []])
  })

  it('R3.2 is shown and permits nothing outside its window', async () => {
    const { right } = await chainOf(session, approved, retrieved(checked, '2026-11-23T09:30:00Z'))
    expect([right.state, right.approvals.map(({ permits }) => permits)]).toEqual(['missing', [false]])
  })

  it('R3.1 is shown and permits nothing before it was given', async () => {
    const { right } = await chainOf(session, approved, retrieved(checked, '2026-11-23T05:10:00Z'))
    expect([right.state, right.approvals.map(({ permits }) => permits)]).toEqual(['missing', [false]])
  })

  it('R3.1 is shown and permits nothing where the requester approved, or after it was refused', async () => {
    const same = { 'data.request': { id: 'REQ-41' } }
    const own = await chainOf(session, ticket('approval-of-ones-own', '2026-11-23T05:30:00Z', same), retrieved(checked))
    expect([own.right.state, own.right.approvals.length]).toEqual(['missing', 1])
    const refused = ticket('approval-refused', '2026-11-23T05:40:00Z', same)
    expect((await chainOf(session, approved, refused, retrieved(checked))).right.state).toBe('missing')
  })

  it('R3.1 is marked where software approved', async () => {
    const bySoftware = ticket('approval-by-software', '2026-11-23T05:30:00Z', { 'data.request': { id: 'REQ-41' } })
    const { right } = await chainOf(session, bySoftware, retrieved(checked))
    expect(right.approvals).toMatchObject([{ approver: { kind: 'workload', name: 'auto-approve' } }])
  })
})
