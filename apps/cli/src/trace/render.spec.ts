import { describe, expect, it } from '@jest/globals'
import type { Cut } from '@catena/ledger'
import { ambiguousChain, provenChain, withChain } from '../testing/chain-example.js'
import { isAttributed, type Answer } from './answer.js'
import { answerJson } from './json.js'
import { renderAnswer, renderChain, renderMeanings } from './render.js'

/** Neither a control character nor one that reorders text. */
const isClean = (line: string): boolean => !/[\p{Cc}\u202e]/u.test(line)

const paper = { columns: 80, colour: false }

function answerOf(chains: Answer['chains']): Answer {
  return {
    term: 'stripe',
    meaning: {
      kind: 'credential',
      name: 'secret/payments/stripe',
      system: 'vault/prod-1',
      term: 'secret/payments/stripe',
      keys: [],
    },
    asOf: { cut: 'c1.NDI' as Cut, position: 42, validAt: undefined },
    chains,
    hasMore: true,
    truncated: false,
  }
}

describe('a chain as a tree', () => {
  it('goes back from the retrieval, then states the five aspects', () => {
    expect(`\n${renderChain(provenChain, paper)}\n`).toBe(PROVEN)
  })

  it('lists candidates, caveats and findings in words (R1.4)', () => {
    expect(`\n${renderChain(ambiguousChain, paper)}\n`).toBe(AMBIGUOUS)
  })

  it('names an agent with its mode and sponsor, and for whom it acted (R9.1)', () => {
    const sponsor = { key: 'person:keycloak/acme:2', kind: 'person', name: 'nora' }
    const principal = { key: 'agent:cloudevents/a:1', kind: 'agent', name: 'writer', mode: 'attended', sponsor }
    const actor = { kind: 'attributed', state: 'proven', principal, caveats: [], evidence: [] }
    const sideways = [{ role: 'behalf', state: 'proven', name: 'greta', evidence: [] }]
    const tree = renderChain(withChain({ actor, sideways } as never), paper)
    expect(tree).toContain('writer (agent, attended, sponsor nora)')
    expect(tree).toContain('on behalf of greta')
  })

  it('names what is missing and whose authority was handed on', () => {
    const authority = { key: 'person:keycloak/acme:1', kind: 'person', name: 'ana' }
    const actor = {
      kind: 'missing',
      state: 'missing',
      reason: 'bearer handed over',
      authority,
      caveats: [],
      evidence: [],
    }
    const tree = renderChain(withChain({ actor } as never), paper)
    expect(tree).toContain('├─ actor   MISSING   bearer handed over, with the authority of ana (person)')
    const shared = {
      kind: 'missing',
      state: 'missing',
      reason: 'shared identity',
      shared: 'root',
      caveats: [],
      evidence: [],
    }
    expect(renderChain(withChain({ actor: shared } as never), paper)).toContain(
      'shared identity root: the records do not',
    )
  })

  it('has no line wider than the terminal', () => {
    const lines = renderChain(ambiguousChain, { columns: 60, colour: false }).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
  })

  it('shows states in colour beside the word', () => {
    const tree = renderChain(ambiguousChain, { columns: 80, colour: true })
    expect(tree).toContain('\u001b[35mAMBIGUOUS \u001b[0m')
    expect(tree).toContain('\u001b[32mPROVEN    \u001b[0m')
    expect(renderChain(ambiguousChain, paper)).not.toContain('\u001b')
  })

  it('shows control characters of a log instead of obeying them', () => {
    const type = 'read \u001b[2K\u001b[1Asecret\r\nPROVEN\u202e\u009b31m'
    const tree = renderChain(withChain({ fact: { ...provenChain.chain.fact, type } }), { columns: 200, colour: false })
    expect(tree).toContain('read \\x1b[2K\\x1b[1Asecret\\x0d\\x0aPROVEN\\u202e\\x9b31m')
    expect(tree.split('\n').every(isClean)).toBe(true)
  })
})

describe('an answer', () => {
  it('says what was asked, as of when, and how much is attributed', () => {
    const text = renderAnswer(answerOf([provenChain, ambiguousChain]), paper)
    expect(text.split('\n').slice(0, 2)).toEqual([
      'secret/payments/stripe  credential in vault/prod-1',
      'as known at cut c1.NDI; times are UTC',
    ])
    expect(text).toContain('The newest 2 chains: 1 attributed, 1 not. There are older ones: --limit <n> or --all.')
  })

  it('counts as attributed only where path and actor are known (R1.3)', () => {
    const shared = {
      kind: 'missing',
      state: 'missing',
      reason: 'shared identity',
      shared: 'root',
      caveats: [],
      evidence: [],
    }
    expect(isAttributed(provenChain.chain)).toBe(true)
    expect(isAttributed({ ...provenChain.chain, actor: shared } as never)).toBe(false)
    expect(isAttributed({ ...provenChain.chain, path: ambiguousChain.chain.path })).toBe(false)
  })

  it('hides nothing of what it could not look at', () => {
    expect(renderAnswer({ ...answerOf([provenChain]), truncated: true }, paper)).toContain(
      'the newest are not among them',
    )
    expect(renderAnswer(answerOf([]), paper)).toContain('Nothing in the records came through it.')
  })

  it('keeps its shape as JSON, safe to show', () => {
    const type = 'read \u009b\u202e\u001b'
    const odd = withChain({ fact: { ...provenChain.chain.fact, type } })
    const json = answerJson(answerOf([odd]))
    expect(json.split('\n').every(isClean)).toBe(true)
    const parsed = JSON.parse(json) as { chains: Record<string, unknown>[] }
    expect(parsed).toMatchObject({
      asOf: { cut: 'c1.NDI', validAt: null },
      term: 'stripe',
      meaning: { kind: 'credential', name: 'secret/payments/stripe' },
      hasMore: true,
      chains: [
        {
          attributed: true,
          retrieval: {
            fact: 'vault:prod-1:read',
            type,
            outcome: 'succeeded',
            at: '2026-03-01T08:00:05.250Z',
            evidence: [12, 13],
          },
          path: { state: 'proven', hops: [{ by: 'login' }, { by: 'federation' }] },
          actor: { kind: 'attributed', principal: { name: 'acme/shop run 4711/2' } },
          end: { how: 'rotated', at: '2026-03-01T09:00:05.250Z' },
        },
      ],
    })
    expect(Object.keys(parsed.chains[0]!)).toEqual([
      'relation',
      'attributed',
      'retrieval',
      'path',
      'actor',
      'right',
      'effect',
      'end',
      'sideways',
      'findings',
    ])
  })
})

describe('several meanings', () => {
  it('come with a narrower term each, ready for a shell', () => {
    const meaning = {
      kind: 'account',
      name: "o'neil at m",
      system: 'prod-1',
      term: "vault-account:prod-1:m/o'neil",
      keys: [],
    } as const
    expect(renderMeanings("o'neil", [meaning], paper)).toContain(`catena trace 'vault-account:prod-1:m/o'\\''neil'`)
  })
})

const PROVEN = `
2026-03-01 08:00:05.250  read secret/data/payments/stripe: succeeded from
│                        10.0.0.7 [#12 #13]
├─ path    PROVEN    2 hops, back to CI run attempt 4711/2
│  └─ PROVEN    token Tok3nAccessor by login at auth/jwt-ci/ as deploy,
│     │         08:00:04.250 [#10 #11 +2]
│     └─ PROVEN    CI run attempt 4711/2 of acme/shop, deploy, since
│                  07:59:05.250 [#3 #10 +1]
├─ actor   PROVEN    acme/shop run 4711/2 (workload)
├─ right   PROVEN    policy payments; no approval recorded
├─ effect  PROVEN    version 3
├─ end     PROVEN    rotated at 09:00:05.250 [#12 #13 +1]
└─ beside  PROVEN    set off by ana [#3]
`

const AMBIGUOUS = `
2026-03-01 08:00:05.250  read secret/data/payments/stripe: succeeded from
│                        10.0.0.7 [#12 #13]
├─ path    AMBIGUOUS 2 hops, back to one of 2
│  └─ PROVEN    token Tok3nAccessor by login at auth/jwt-ci/ as deploy,
│     │         08:00:04.250 [#10 #11 +2]
│     └─ AMBIGUOUS one of 2 that were alive at the login; but clock skew
│        │         [#3 #10 +1]
│        ├─ CI run attempt 4711/2 of acme/shop, deploy, since 07:59:05.250
│        └─ CI run attempt 4712/1 of acme/shop, deploy, since 07:59:05.250
├─ actor   AMBIGUOUS one of acme/shop run 4711/2 (workload); acme/shop run
│                    4712/1 (workload) [#3 #4]
├─ right   PROVEN    policy payments; no approval recorded
├─ effect  PROVEN    version 3
├─ end     PROVEN    rotated at 09:00:05.250 [#12 #13 +1]
└─ ! used after end: the token ended at 08:00:00.000, CI run attempt 4711/2 too
   [#50]
`
