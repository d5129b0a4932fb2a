import { makeKey, type Activity, type Attributes, type KeyGroup } from '@catena/domain'
import type { Chain } from '@catena/access-chain'
import type { FoundChain } from '../trace/find-chains.js'

const AT = Date.parse('2026-03-01T08:00:05.250Z')
const TOKEN = makeKey('vault-token', 'prod-1', 'Tok3nAccessor')
const ATTEMPT = makeKey('ci-attempt', 'github/github.com', '4711/2')
const OTHER_ATTEMPT = makeKey('ci-attempt', 'github/github.com', '4712/1')

export function activity(factId: string, more: Partial<Activity>, attributes: Attributes = {}): Activity {
  return {
    factId,
    source: 'vault',
    kind: 'operation',
    type: 'operation',
    occurredAt: AT,
    resolutionMs: 0,
    outcome: 'succeeded',
    groups: [],
    conflicts: [],
    positions: [],
    ...more,
    attributes,
  }
}

function group(role: string, verb: KeyGroup['verb'], key: KeyGroup['forms'][number]['key']): KeyGroup {
  return { role, verb, trust: 'verified', forms: [{ key, position: 1 }] }
}

const read = activity(
  'vault:prod-1:read',
  {
    kind: 'secret-read',
    type: 'read secret/data/payments/stripe',
    positions: [12, 13],
    groups: [group('caller', 'presents', TOKEN)],
  },
  { address: '10.0.0.7' },
)
const login = activity(
  'vault:prod-1:login',
  { kind: 'login', type: 'update auth/jwt-ci/login', occurredAt: AT - 1_000, positions: [10, 11] },
  { mountPoint: 'auth/jwt-ci/', role: 'deploy' },
)
const run = activity(
  'github:run',
  {
    source: 'github',
    kind: 'run-observed',
    occurredAt: AT - 60_000,
    positions: [3],
    groups: [group('attempt', 'establishes', ATTEMPT)],
  },
  { repositoryName: 'acme/shop', workflowName: 'deploy', initiator: 'ana' },
)
const otherRun = {
  ...run,
  factId: 'github:other-run',
  positions: [4],
  groups: [group('attempt', 'establishes', OTHER_ATTEMPT)],
}

const workload = (key: typeof ATTEMPT, name: string) => ({ key, kind: 'workload' as const, name })
const rest = { candidates: [], caveats: [] }

/** A CI job reads a secret, everything proven. */
export const provenChain: FoundChain = {
  relation: 'itself',
  hops: new Map([login, run].map((fact) => [fact.factId, fact])),
  chain: {
    fact: read,
    path: {
      state: 'proven',
      through: ATTEMPT,
      ...rest,
      links: [
        {
          from: read.factId,
          to: [login.factId],
          key: TOKEN,
          state: 'proven',
          by: 'login',
          ...rest,
          evidence: [10, 11, 12, 13],
          words: '',
        },
        {
          from: login.factId,
          to: [run.factId],
          key: ATTEMPT,
          state: 'proven',
          by: 'federation',
          ...rest,
          evidence: [3, 10, 11],
          words: '',
        },
      ],
    },
    logins: [{ fact: login.factId, presenter: login.source, issuer: 'github/github.com', at: login.occurredAt }],
    actor: {
      kind: 'attributed',
      state: 'proven',
      principal: workload(ATTEMPT, 'acme/shop run 4711/2'),
      caveats: [],
      evidence: [3, 10, 11],
    },
    identity: undefined,
    right: { state: 'proven', policies: ['payments'], approvals: [], evidence: [12, 13] },
    effect: { state: 'proven', yielded: 'version 3', evidence: [12, 13] },
    end: {
      state: 'proven',
      how: 'rotated',
      at: AT + 3_600_000,
      words: 'rotated at 2026-03-01T09:00:05.250Z',
      evidence: [12, 13, 40],
    },
    sideways: [{ role: 'initiator', state: 'proven', name: 'ana', evidence: [3] }],
    findings: [],
  },
}

/** The same where two attempts were alive, and with something wrong. */
export const ambiguousChain: FoundChain = withChain(
  {
    path: {
      state: 'ambiguous',
      candidates: [ATTEMPT, OTHER_ATTEMPT],
      caveats: ['clock skew'],
      links: provenChain.chain.path.links.map((link) =>
        link.by === 'federation'
          ? {
              ...link,
              state: 'ambiguous',
              candidates: [ATTEMPT, OTHER_ATTEMPT],
              to: [run.factId, otherRun.factId],
              caveats: ['clock skew'],
            }
          : link,
      ),
    },
    actor: {
      kind: 'ambiguous',
      state: 'ambiguous',
      candidates: [workload(ATTEMPT, 'acme/shop run 4711/2'), workload(OTHER_ATTEMPT, 'acme/shop run 4712/1')],
      caveats: [],
      evidence: [3, 4],
    },
    sideways: [],
    findings: [
      { kind: 'used after end', words: `the token ended at 2026-03-01T08:00:00Z, ${ATTEMPT} too`, evidence: [50] },
    ],
  },
  [login, run, otherRun],
)

/** An example with parts replaced. */
export function withChain(parts: Partial<Chain>, hops: readonly Activity[] = [login, run]): FoundChain {
  return {
    ...provenChain,
    chain: { ...provenChain.chain, ...parts },
    hops: new Map(hops.map((fact) => [fact.factId, fact])),
  }
}
