import { handleCommand, MemoryLedger } from '@catena/ledger'
import type { KeycloakSystem } from '@catena/platform'
import type { SeenEnd } from '@catena/recertification'
import { describe, expect, it } from '@jest/globals'
import { course, courseStream } from './course/decider.js'
import type { Step } from './plan.js'
import { rightEnds, type RightEndsDesk } from './right-ends.js'

const KEYCLOAK: KeycloakSystem = { id: 'k', kind: 'keycloak', url: new URL('https://id.acme.example'), scope: 'acme', realm: 'acme', clientId: 'c', clientSecretFile: '/s', allow: [], gives: [] } // prettier-ignore
const ORDERED = { order: 'o', orderedAt: 100, credential: 'd', accessor: { kind: 'shared', name: 'x' } } as const
const OUT: SeenEnd = { at: 120, how: 'out of group payments', positions: [7] }
const OFF: SeenEnd = { at: 130, how: 'client deploy off', positions: [9] }
const group: Step = { carrier: 'k', action: { do: 'remove-from-group', user: 'u', group: 'payments' }, touches: [] }
const client: Step = { carrier: 'k', action: { do: 'disable-client', client: 'deploy' }, touches: [] }
const lease: Step = { carrier: 'v', action: { do: 'revoke-lease', lease: 'l' }, touches: [] }
const role: Step = { carrier: 'v', action: { do: 'delete-role', role: 'auth/jwt/role/x' }, touches: [] }

interface Case {
  readonly steps: readonly Step[]
  readonly endsTheRight?: boolean
  readonly out?: SeenEnd | undefined
  readonly off?: SeenEnd | undefined
  readonly leases?: readonly string[]
  readonly systems?: RightEndsDesk['systems']
}
const SEEN = { endsTheRight: true, out: OUT, off: OFF, leases: [], systems: [KEYCLOAK] }

async function endOf(of: Case): Promise<SeenEnd | undefined> {
  const { steps, endsTheRight, out, off, leases, systems } = { ...SEEN, ...of }
  const streams = new MemoryLedger()
  const command = { do: 'Plan', order: 'o', item: 'i', campaign: 'c', plan: { steps, endsTheRight, shortfalls: [] } } as const // prettier-ignore
  await handleCommand(streams, course, { stream: courseStream('o'), command, by: { actor: 'x', at: 1 } })
  const openAccess = { openOf: () => Promise.resolve({ leases, tokens: [{ accessor: 'a', alsoReads: [] }] }) }
  const since: number[] = []
  const leftGroup: RightEndsDesk['records']['leftGroup'] = (_, user, group, from) => {
    since.push(from)
    return Promise.resolve(user === 'u' && group === 'payments' ? out : undefined)
  }
  const end = await rightEnds({ streams, openAccess, systems, records: { leftGroup, clientOff: () => Promise.resolve(off) } }).endOf(ORDERED) // prettier-ignore
  expect(since.every((from) => from === ORDERED.orderedAt)).toBe(true)
  return end
}

describe('the end of a right', () => {
  it('R6.5 is where records show it of every step that takes the right away', async () => {
    expect(await endOf({ steps: [group] })).toEqual(OUT)
    expect(await endOf({ steps: [group, client, lease] })).toEqual({ at: 130, how: 'out of group payments, client deploy off', positions: [7, 9] }) // prettier-ignore
  })

  it.each<[string, Case]>([
    ['a step of which no record tells', { steps: [group, client], off: undefined }],
    ['a plan that leaves the right', { steps: [lease], endsTheRight: false }],
    ['a lease that is open', { steps: [group], leases: ['database/creds/x/1'] }],
    ['a step whose end no record of this kind tells', { steps: [group, role] }],
    ['a system that is not configured any more', { steps: [group], systems: [] }],
  ])('R6.5 is not: %s', async (_, of) => {
    expect(await endOf(of)).toBeUndefined()
  })
})
