import type { LedgerEvent } from '@catena/ledger'
import type { KnownAsOf } from '@catena/projections'
import { count, counted, dateTime } from '../terminal/numbers.js'
import { dim, paint, plain, type Paper, type Span } from '../terminal/paint.js'
import { paintTree } from '../terminal/tree.js'
import { aspectsOf } from './aspects.js'
import { isAttributed, type Answer } from './answer.js'
import type { FoundChain } from './find-chains.js'
import { Marks } from './marks.js'
import type { Meaning } from './meaning.js'

const KIND_COLUMNS = 12

/** The answer as people read it. `records`: the evidence of each chain, where it is to be shown. */
export function renderAnswer(answer: Answer, paper: Paper): string {
  const chains = answer.chains.map((found) => {
    const tree = renderChain(found, paper)
    const records = answer.records === undefined ? [] : [renderRecords(found, answer.records, paper)]
    return [tree, ...records].join('\n')
  })
  return [renderTitle(answer, paper), ...chains, renderSummary(answer, paper)].map((part) => `${part}\n`).join('\n')
}

function renderTitle({ meaning, asOf }: Answer, paper: Paper): string {
  const name: Span = { text: meaning.name, style: 'bold' }
  return [
    paint([name, plain(`  ${meaning.kind} in ${meaning.system}`)], paper),
    paint([dim(asOfWords(asOf))], paper),
  ].join('\n')
}

function asOfWords({ cut, validAt }: KnownAsOf): string {
  const at = validAt === undefined ? '' : `at ${dateTime(validAt)}, `
  return `${at}as known at cut ${cut}; times are UTC`
}

/** One chain as a tree, the retrieval as its trunk. */
export function renderChain(found: FoundChain, paper: Paper): string {
  const marks = new Marks()
  const { fact } = found.chain
  const { address } = fact.attributes
  const outcome: Span = { text: fact.outcome, style: fact.outcome === 'succeeded' ? 'bold' : 'red' }
  const text = [
    { text: fact.type, style: 'bold' as const },
    plain(': '),
    outcome,
    plain(typeof address === 'string' ? ` from ${address}` : ''),
    marks.positions(fact.positions),
  ]
  const head: Span[] = [{ text: `${dateTime(fact.occurredAt)}  `, style: 'bold' }]
  return paintTree({ head, text, branches: aspectsOf(found, marks) }, paper)
}

function renderRecords({ chain }: FoundChain, records: ReadonlyMap<number, LedgerEvent>, paper: Paper): string {
  const lines = evidenceOf(chain).map((position) => {
    const event = records.get(position)
    if (event === undefined) return paint([dim(`  #${position} `), plain('not in the ledger')], paper)
    const head = `  #${position} ${event.source} ${event.sourceStream} ${dateTime(event.occurredAt)} `
    return paint([dim(head), plain(event.payload?.toString('utf8') ?? 'erased')], paper)
  })
  return [paint([dim('  evidence, redacted as it is stored:')], paper), ...lines].join('\n')
}

/** Every position that a chain rests on. */
export function evidenceOf(chain: FoundChain['chain']): number[] {
  const parts = [
    chain.actor,
    chain.right,
    chain.effect,
    chain.end,
    ...chain.path.links,
    ...chain.sideways,
    ...chain.findings,
  ]
  const all = [
    ...chain.fact.positions,
    ...parts.flatMap(({ evidence }) => evidence),
    ...(chain.callerEnd?.evidence ?? []),
  ]
  return [...new Set(all)].sort((a, b) => a - b)
}

function renderSummary({ chains, hasMore, truncated }: Answer, paper: Paper): string {
  if (chains.length === 0) return 'Nothing in the records came through it.'
  const known = chains.filter(({ chain }) => isAttributed(chain)).length
  const open = chains.length - known
  const words = [
    plain(`${hasMore ? 'The newest ' : ''}${counted(chains.length, 'chain')}: `),
    { text: `${count(known)} attributed`, style: 'green' as const },
    ...(open === 0 ? [] : [plain(', '), { text: `${count(open)} not`, style: 'red' as const }]),
    ...(truncated
      ? [
          {
            text: ' (the newest are not among them: too much came through it, ask for a session, run or token)',
            style: 'yellow' as const,
          },
        ]
      : []),
    ...(hasMore ? [plain('. There are older ones: --limit <n> or --all.')] : [plain('.')]),
  ]
  return paint(words, paper)
}

/** Meanings of a term that are listed; more nobody reads. */
const MEANINGS_SHOWN = 50

/** What a term could mean, with a narrower term for each. */
export function renderMeanings(term: string, meanings: readonly Meaning[], paper: Paper): string {
  const lines = meanings
    .slice(0, MEANINGS_SHOWN)
    .flatMap(({ kind, name, system, term: narrower }) => [
      paint([dim(`  ${kind.padEnd(KIND_COLUMNS)}`), plain(`${name}, ${system}`)], paper),
      paint([plain(`  ${''.padEnd(KIND_COLUMNS)}catena trace ${shellWord(narrower)}`)], paper),
    ])
  const more = meanings.length - MEANINGS_SHOWN
  const rest = more > 0 ? [paint([plain(`  and ${more} more: write more of the name`)], paper)] : []
  return [paint([plain(`"${term}" means several things; ask for one of them:`)], paper), ...lines, ...rest].join('\n')
}

function shellWord(text: string): string {
  return /^[\w./:@=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

export function renderNothing(term: string, paper: Paper): string {
  return paint(
    [
      plain(
        `catena: nothing found for "${term}": try a part of the credential's path, a login name, an e-mail or an id as it stands in a log; \`catena sources\` shows what was read`,
      ),
    ],
    paper,
  )
}
