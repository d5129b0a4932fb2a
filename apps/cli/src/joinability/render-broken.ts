import type { BrokenGroup, JoinabilityReport } from '@catena/joinability'
import type { KnownAsOf } from '@catena/projections'
import { count, counted } from '../terminal/numbers.js'
import { paint, plain, type Paper } from '../terminal/paint.js'
import { paintTree, type Branch } from '../terminal/tree.js'
import { adviceBranch, placeWords } from './advice.js'
import { renderSpan } from './render.js'

/** Why chains break, the most frequent cause first. */
export function renderBroken(report: JoinabilityReport, asOf: KnownAsOf, paper: Paper): string {
  const trees = report.broken.map((group) => paintTree(groupTree(group), paper))
  const whole = report.survey.retrievals.length - report.broken.reduce((sum, { retrievals }) => sum + retrievals, 0)
  const summary = paint(
    [plain(`${counted(whole, 'chain')} of ${count(report.survey.retrievals.length)} known in path and actor.`)],
    paper,
  )
  return [renderSpan(report, asOf, paper), ...trees, summary].map((part) => `${part}\n`).join('\n')
}

function groupTree(group: BrokenGroup): Branch {
  const { hop, state, reason, source, place, retrievals, credentials, examples, remedy, advice } = group
  return {
    head: [{ text: `${count(retrievals)}  `, style: 'bold' }],
    text: [
      { text: state.toUpperCase(), style: state === 'missing' ? 'red' : 'magenta' },
      plain(
        ` ${reason}: ${hop}, ${place === undefined ? source : placeWords(place)}; ${counted(credentials, 'credential')}`,
      ),
    ],
    branches: [
      { head: [{ text: 'close ', style: 'bold' }], text: [plain(remedy)] },
      ...advice.map(adviceBranch),
      { head: [{ text: 'see   ', style: 'bold' }], text: [plain(`catena trace ${examples[0] ?? ''}`)] },
    ],
  }
}
