import type { FeedContent, FeedEvent } from '../feed/event.js'
import { feedId } from '../feed/feed-id.js'
import { FEED_KINDS, severityOf, type FeedKind } from '../feed/kinds.js'

const AT = Date.UTC(2026, 10, 23, 4, 59, 1, 250)

/** An event of a kind with every part that it can have. */
export function sampleOf(kind: FeedKind, over: Partial<FeedContent> = {}, sequence = FEED_KINDS.indexOf(kind) + 1): FeedEvent {
  return {
    sequence,
    id: feedId(`sample:${kind}:${sequence}`),
    revision: 1,
    hash: '0123456789abcdef',
    recordedAt: AT + 1_500,
    content: { ...whole(kind), ...over },
  }
} // prettier-ignore

function whole(kind: FeedKind): FeedContent {
  return {
    kind,
    severity: severityOf(kind),
    occurredAt: AT + 0.125,
    outcome: 'succeeded',
    source: 'vault',
    reference: 'vault:prod-1:e47e67f0-a003-0d54-d65a-76e31a380c14',
    type: 'read secret/data/orders/db',
    summary: 'credential retrieved: secret/orders/db in vault/prod-1, by olga (proven)',
    actor: { state: 'proven', kind: 'person', id: 'person:keycloak/acme:1f7d', name: 'olga', shownAs: 'oidc-olga' },
    credential: { system: 'vault/prod-1', container: 'secret/', path: 'orders/db', version: 3, id: 'credential:vault/prod-1:kv_1/orders/db' },
    subject: { id: 'person:keycloak/acme:2b', name: 'bruno' },
    group: { id: 'group:github/github.com:3301', name: 'release' },
    entity: { type: 'campaign', id: 'campaign-7', name: 'Autumn review' },
    chain: {
      path: { state: 'proven', through: 'idp-session:keycloak/acme:s1', links: [{ state: 'proven', by: 'login', words: 'the token came from a login of its holder' }] },
      actor: { state: 'proven' },
      right: { state: 'proven', policies: ['kv-orders'], approvals: 1 },
      effect: { state: 'proven', yielded: 'version 3' },
      end: { state: 'missing', reason: 'no end seen' },
      caveats: ["operator's join"],
    },
    related: [feedId('fact:x')],
    details: { remoteAddress: '10.1.2.3', method: 'oidc', verdict: 'uncontrolled', control: 'shared-by-too-many' },
  } // prettier-ignore
}
