import fc from 'fast-check'
import { anyCharacter } from '../../../../test/any-character.js'
import type { FeedActor, FeedContent, FeedEvent } from '../feed/event.js'
import { FEED_KINDS, type Severity } from '../feed/kinds.js'

/** What breaks lines, frames, headers and quotes. */
const HOSTILE = ['', '|', '\\', '=', ']', '"', '\r\n', '\n<34>1 - - - - - -', '\u0000', '\u001b[2J', 'a|b=c\\', '\\n', ' x ', '🔑', '\ud800', '\u2028', '{{', '<script>', 'CEF:0|x|y|', '%0a', 'a'.repeat(5000)] // prettier-ignore

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 4 }).map((parts) => parts.join('')),
)

const state = fc.constantFrom('proven', 'inferred', 'ambiguous', 'missing')
const party = fc.record({ id: hostileText, name: hostileText }, { requiredKeys: [] })
const actor: fc.Arbitrary<FeedActor> = fc.record(
  { state, kind: fc.constantFrom('person', 'workload', 'account', 'shared', 'unknown'), id: hostileText, name: hostileText, reason: hostileText, candidates: fc.array(hostileText, { maxLength: 3 }), shownAs: hostileText },
  { requiredKeys: ['state', 'kind'] },
) // prettier-ignore
const chain = fc.record({
  path: fc.record({ state, reason: hostileText, through: hostileText, links: fc.array(fc.record({ state, by: hostileText, words: hostileText }), { maxLength: 3 }) }, { requiredKeys: ['state', 'links'] }),
  actor: fc.record({ state }),
  right: fc.record({ state, policies: fc.array(hostileText, { maxLength: 3 }), approvals: fc.nat(5) }),
  effect: fc.record({ state, yielded: hostileText }),
  end: fc.record({ state, how: hostileText, at: fc.nat() }),
  caveats: fc.array(hostileText, { maxLength: 2 }),
}) // prettier-ignore
const credential = fc.record(
  { system: hostileText, container: hostileText, path: hostileText, version: fc.nat(), id: hostileText },
  { requiredKeys: ['system', 'path'] },
)
const content = fc.record(
  {
    kind: fc.constantFrom(...FEED_KINDS),
    severity: fc.integer({ min: 1, max: 5 }) as fc.Arbitrary<Severity>,
    occurredAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    outcome: fc.constantFrom('succeeded', 'denied', 'failed', 'unknown'),
    source: hostileText,
    reference: hostileText,
    type: hostileText,
    summary: hostileText,
    actor,
    credential,
    credentialCandidates: fc.array(credential, { maxLength: 3 }),
    subject: party,
    group: party,
    entity: fc.record({ type: hostileText, id: hostileText, name: hostileText }, { requiredKeys: ['type'] }),
    chain,
    related: fc.array(hostileText, { maxLength: 3 }),
    details: fc.dictionary(fc.constantFrom('remoteAddress', 'method', 'error', 'verdict', 'control', 'reason'), hostileText),
  },
  { requiredKeys: ['kind', 'severity', 'occurredAt', 'outcome', 'source', 'reference', 'type', 'summary'] },
) as fc.Arbitrary<FeedContent> // prettier-ignore

/** Any event, with hostile text wherever a record could have put text. */
export const anyEvent: fc.Arbitrary<FeedEvent> = fc.record({
  sequence: fc.integer({ min: 1 }),
  id: fc.stringMatching(/^[0-9a-f]{32}$/),
  revision: fc.integer({ min: 1, max: 1000 }),
  hash: fc.stringMatching(/^[0-9a-f]{16}$/),
  recordedAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  content,
})
