import type { JoinabilityReport, JoinableHop, Proposal } from '@catena/joinability'
import type { KnownAsOf } from '@catena/projections'
import { count, counted, dateTime } from '../terminal/numbers.js'
import { dim, paint, plain, wrap, type Paper, type Span } from '../terminal/paint.js'
import { paintTree, type Branch } from '../terminal/tree.js'
import { adviceBranch, placeWords, PROVABILITY_STYLES } from './advice.js'

const PROVABILITY_COLUMNS = 'IMPOSSIBLE'.length + 1

/** Hops of every place of login, most to gain first, then the federations that records suggest. */
export function renderJoinability(report: JoinabilityReport, asOf: KnownAsOf, paper: Paper): string {
  const trees = report.hops.map((hop) => paintTree(hopTree(hop), paper))
  const proposals = report.proposals.map((proposal) => renderProposal(proposal, paper))
  return [renderSpan(report, asOf, paper), ...trees, ...proposals].map((part) => `${part}\n`).join('\n')
}

export function renderSpan({ survey }: JoinabilityReport, { cut }: KnownAsOf, paper: Paper): string {
  const { retrievals, days, from, to, truncated } = survey
  const newest = truncated ? 'the newest of them were looked at; ' : ''
  const span = `${dateTime(from).slice(0, 10)} to ${dateTime(to).slice(0, 10)}`
  const title: Span[] = [
    { text: counted(retrievals.length, 'retrieval'), style: 'bold' },
    plain(` in ${counted(days, 'day')}, ${span}`),
  ]
  return [paint(title, paper), paint([dim(`${newest}as known at cut ${cut}; times are UTC`)], paper)].join('\n')
}

function hopTree(hop: JoinableHop): Branch {
  const { place, joins, provability, why, retrievals } = hop
  const states = Object.entries(retrievals).filter(([, number]) => number > 0)
  const seen = states.map(([state, number]) => `${count(number)} ${state}`).join(', ')
  const target = place.issuer === undefined ? joins : `${joins} at ${place.issuer}`
  return {
    text: [{ text: placeWords(place), style: 'bold' }, plain(` to ${target}`)],
    branches: [
      {
        head: [{ text: provability.toUpperCase().padEnd(PROVABILITY_COLUMNS), style: PROVABILITY_STYLES[provability] }],
        text: [plain(why), dim(` (${hop.basis}${positions(hop.evidence)})`)],
      },
      { head: [{ text: 'seen  ', style: 'bold' }], text: [plain(seen === '' ? 'no retrieval in these days' : seen)] },
      ...hop.advice.map(adviceBranch),
    ],
  }
}

function positions(evidence: readonly number[]): string {
  const [first] = evidence
  if (first === undefined) return ''
  return evidence.length === 1 ? ` #${first}` : ` #${first} +${evidence.length - 1}`
}

/** To be pasted, so the YAML stands at the margin of its list and is never wrapped. */
function renderProposal({ words, yaml, source }: Proposal, paper: Paper): string {
  const lines = wrap([{ text: 'suggested, not joined: ', style: 'yellow' }, plain(words)], paper.columns)
  const advice = `under federations: of source ${source} in catena.yaml:`
  return [
    ...lines.map((line) => paint(line, paper)),
    paint([dim(advice)], paper),
    paint([], paper) + indented(yaml, paper),
  ].join('\n')
}

function indented(yaml: string, paper: Paper): string {
  return yaml
    .split('\n')
    .map((line) => paint([plain(`      ${line}`)], paper))
    .join('\n')
}
