import type { Chain } from '@catena/access-chain'
import { describe, expect, it } from '@jest/globals'
import { positionsOfChain } from './chain-aspects.js'
import { draftsOfFindings } from './content-of-finding.js'

const resting = (...evidence: number[]) => ({ state: 'proven', evidence })
const chain = {
  fact: { factId: 'vault:read', source: 'vault', occurredAt: 1, outcome: 'succeeded', conflicts: [], positions: [9] },
  path: { ...resting(), links: [resting(7)] },
  actor: { ...resting(5), kind: 'attributed', principal: { key: 'person:keycloak/acme:ada', kind: 'person', name: 'ada' } },
  right: resting(),
  effect: resting(9),
  end: resting(),
  findings: [{ kind: 'late use', words: 'it was over', evidence: [8, 9] }],
} as unknown as Chain // prettier-ignore

describe('a finding that is told', () => {
  it('R7.3 rests on all that its chain rests on, because it names the same person', () => {
    const [draft] = draftsOfFindings(chain)
    expect(draft?.content.actor?.name).toBe('ada')
    expect(draft?.positions).toEqual([...positionsOfChain(chain), 8].sort((a, b) => a - b))
  })
})
