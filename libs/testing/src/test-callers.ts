import { ROLES, type Caller, type Role } from '@catena/domain'
import type { IncomingMessage } from 'node:http'

/** Who asks in tests that say nothing else: a person with every role. */
export const TEST_CALLER: Caller = { id: 'person:test', name: 'Test', kind: 'person', roles: ROLES, keys: [] }

const HEADER = 'x-test-caller'

/** Headers of a request by somebody else; `{ roles: ['auditor'] }`, `{ id: 'person:bruno', roles: ['reviewer'] }`, or 'nobody'. */
export function asCaller(caller: Partial<Caller> | 'nobody'): Readonly<Record<string, string>> {
  return { [HEADER]: caller === 'nobody' ? caller : JSON.stringify(caller) }
}

/** Headers of a request by a person who holds these roles and no others. */
export function asRole(...roles: readonly Role[]): Readonly<Record<string, string>> {
  return asCaller({ id: `person:${roles.join('+')}`, roles })
}

/** Believes what a request says of itself: for an API under test, in the place of real authentication. */
export function identifyTestCaller({ headers }: Pick<IncomingMessage, 'headers'>): Promise<Caller | undefined> {
  const said = headers[HEADER]
  if (said === 'nobody') return Promise.resolve(undefined)
  return Promise.resolve(
    typeof said === 'string' ? { ...TEST_CALLER, ...(JSON.parse(said) as Partial<Caller>) } : TEST_CALLER,
  )
}
