import type { Chain, ChainFinding } from '@catena/access-chain'
import { agreedOutcome } from '@catena/domain'
import { chainActor } from './actors.js'
import { positionsOfChain } from './chain-aspects.js'
import { credentialsOf } from './content-of-fact.js'
import type { FeedDraft } from './event.js'
import { feedId } from './feed-id.js'
import type { Severity } from './kinds.js'

/** What a contradiction in the records of a chain is worth. */
const SEVERITIES: Readonly<Record<ChainFinding['kind'], Severity>> = {
  'observers disagree': 4,
  'establishers disagree': 4,
  'minted and standing keys contradict': 4,
  'used after end': 4,
  'clock skew': 2,
  'late use': 3,
  'failed unwrap': 4,
  'identity outlived its user': 4,
  'unconfirmed crossing': 4,
  'human account used autonomously': 4,
}

/** One draft per finding of a chain: the kind and the fact are its identity. It names whom the chain names, so it rests on what the chain rests on. */
export function draftsOfFindings(chain: Chain): FeedDraft[] {
  return chain.findings.map((finding) => ({
    id: feedId(`finding:${finding.kind}:${chain.fact.factId}`),
    content: {
      kind: 'finding-opened',
      severity: SEVERITIES[finding.kind],
      occurredAt: chain.fact.occurredAt,
      outcome: agreedOutcome(chain.fact),
      source: chain.fact.source,
      reference: chain.fact.factId,
      type: finding.kind,
      summary: `${finding.kind}: ${finding.words}`,
      actor: chainActor(chain),
      ...credentialsOf(chain.fact, chain.content),
      related: [feedId(`fact:${chain.fact.factId}`)],
    },
    positions: [...new Set([...positionsOfChain(chain), ...finding.evidence])].sort((a, b) => a - b),
  }))
}
