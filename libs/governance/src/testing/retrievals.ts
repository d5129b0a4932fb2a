import { makeKey } from '@catena/domain'
import fc from 'fast-check'
import type { Accessor } from '../history/accessor.js'
import type { Retrieval } from '../history/retrieval.js'

const ana = makeKey('person', 'keycloak/acme', 'ana')
const shop = makeKey('repository', 'github/github.com', '17')
const ben = makeKey('person', 'keycloak/acme', 'ben')

export const ANA: Accessor = { id: ana, kind: 'person', name: 'ana', keys: [ana] }
export const BEN: Accessor = { id: ben, kind: 'person', name: 'ben', keys: [ben] }
export const SHOP: Accessor = { id: shop, kind: 'workload', name: 'acme/shop', keys: [shop] }
export const ROOT: Accessor = {
  id: 'shared:vault:root',
  kind: 'shared',
  name: 'root',
  keys: [],
  reason: 'shared identity',
}
export const NOBODY: Accessor = {
  id: 'unknown:vault:x:identity not joined',
  kind: 'unknown',
  name: 'nobody known, called x',
  keys: [],
  reason: 'identity not joined',
}

export const EITHER: Accessor = { id: 'ambiguous:x', kind: 'ambiguous', name: 'ana or ben', keys: [ana, ben] }

/** Ana read version 1, everything proven. */
export function retrieval(more: Partial<Retrieval>): Retrieval {
  return {
    fact: 'vault:prod-1:r1',
    at: Date.parse('2026-03-01T08:00:00Z'),
    kind: 'secret-read',
    outcome: 'succeeded',
    source: 'vault',
    accessor: ANA,
    path: { state: 'proven' },
    actor: { state: 'proven' },
    right: { state: 'proven', policies: ['payments'], approvals: [] },
    effect: { state: 'proven', yielded: 'version 1' },
    end: { state: 'missing' },
    caveats: [],
    version: 1,
    findings: [],
    positions: [1, 2],
    evidence: [1, 2],
    ...more,
  }
}

const states = fc.constantFrom('proven', 'inferred', 'ambiguous', 'missing' as const)

/** Any retrieval that a walk could tell of; ids are distinct. */
export function anyRetrieval(now = Date.parse('2026-03-01T00:00:00Z')): fc.Arbitrary<Retrieval> {
  const span = 400 * 86_400_000
  return fc
    .record({
      fact: fc.uuid(),
      at: fc.integer({ min: now - span, max: now }),
      kind: fc.constantFrom('secret-read', 'lease-issued', 'response-unwrapped', 'key-used', 'secrets-passed' as const),
      outcome: fc.constantFrom('succeeded', 'succeeded', 'denied', 'failed', 'unknown' as const),
      accessor: fc.constantFrom(ANA, BEN, SHOP, ROOT, NOBODY, EITHER),
      path: states.map((state) => ({ state })),
      actor: states.map((state) => ({ state })),
      right: fc.record({
        state: states,
        policies: fc.subarray(['payments', 'root', 'ci']),
        approvals: fc.array(
          fc.record(
            {
              decision: fc.constantFrom('approved', 'rejected'),
              state: states,
              permits: fc.boolean(),
              at: fc.constant(now),
              approver: fc.constantFrom(ana, ben),
              flaw: fc.constantFrom('own', 'nobody named' as const),
            },
            { requiredKeys: ['decision', 'state', 'permits', 'at'] },
          ),
          { maxLength: 2 },
        ),
      }),
      endsAfter: fc.option(fc.integer({ min: 0, max: span }), { nil: undefined }),
      caveats: fc.subarray([
        'clock skew',
        'custody: address differs',
        'custody: session ended',
        'used after end',
      ] as const),
      token: fc.option(
        fc.record({
          madeAt: fc.integer({ min: now - span, max: now }),
          endless: fc.boolean(),
          positions: fc.constant([3]),
        }),
        { nil: undefined, freq: 4 },
      ),
      version: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      environment: fc.constantFrom('production', 'staging', undefined),
      address: fc.constantFrom('10.0.0.1', '10.0.0.2', undefined),
      findings: fc.subarray([
        { kind: 'used after end', words: 'late' } as const,
        { kind: 'clock skew', words: 'skew' } as const,
        { kind: 'unconfirmed crossing', words: 'left' } as const,
      ]),
      positions: fc.array(fc.integer({ min: 1, max: 9999 }), { minLength: 1, maxLength: 2 }),
    })
    .map(({ endsAfter, token, version, environment, address, ...rest }) =>
      retrieval({
        ...rest,
        end:
          endsAfter === undefined ? { state: 'missing' } : { state: 'proven', how: 'revoked', at: rest.at + endsAfter },
        ...(token === undefined ? {} : { token }),
        ...(version === undefined ? {} : { version }),
        ...(environment === undefined ? {} : { environment }),
        ...(address === undefined ? {} : { address }),
      }),
    )
}
