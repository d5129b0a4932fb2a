import type { MissingReason } from '@catena/access-chain'
import { sightingsBehind } from '../history/behind.js'
import { knownFrom, looksBackTo } from '../history/looks-back.js'
import { counted, DAY_MS, obtainedWithin, restingOn } from '../history/questions.js'
import type { Retrieval } from '../history/retrieval.js'
import { control, controlled, tooOften, uncontrolled, unknown } from './control.js'

const UNTOLD: MissingReason = 'not recorded by that source'
/** One, and several. */
const LACKS = [
  'privileged retrieval lacks the identity or the decision that allowed it',
  'privileged retrievals lack the identity or the decision that allowed them',
] as const

export const taskContext = control({
  id: 'task-context',
  version: 4,
  title: 'Privileged access carries its decision and its task',
  question: 'Does each privileged retrieval show the policy that allowed it and who or which run it was for?',
  method:
    'Asked of privileged credentials obtained within windowDays. Uncontrolled: a retrieval shows no policy or decision that ' +
    'allowed it, or nobody in particular whom it was for. Unknown: its system does not record what allowed it, or there were too many to look at ' +
    'each. Controlled: each shows both.',
  requirements: ['R1.8'],
  severity: 'high',
  because: '"the account is permitted" does not say that this action was permitted now',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: (history, { windowDays }) =>
    history.privileged !== undefined && obtainedWithin(history, windowDays).length > 0,
  test: (history, { windowDays }) => {
    const recent = obtainedWithin(history, windowDays)
    const since = history.at - windowDays * DAY_MS
    const bare = [
      ...recent.filter((one) => isUndecided(one) || isOfNobody(one)),
      ...sightingsBehind(history, since).filter(isOfNobody),
    ]
    if (bare.length > 0) return uncontrolled(`${counted(bare.length, ...LACKS)}.`, restingOn(bare, windowDays))
    const untold = recent.filter(({ right }) => right.state === 'missing')
    if (untold.length > 0)
      return unknown(
        `Its system does not record what allowed ${counted(untold.length, 'privileged retrieval')}.`,
        restingOn(untold, windowDays),
      )
    if (!looksBackTo(history, since)) return tooOften(history, [knownFrom(history) + windowDays * DAY_MS + 1])
    return controlled('Each recent privileged retrieval shows its decision and whom it was for.')
  },
})

function isUndecided({ right }: Retrieval): boolean {
  return right.state === 'missing' && right.reason !== UNTOLD
}

function isOfNobody({ accessor }: Pick<Retrieval, 'accessor'>): boolean {
  return accessor.kind === 'unknown' || accessor.kind === 'shared'
}
