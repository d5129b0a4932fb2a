import { activeSince, DAY_MS, named, restingOnAccessors } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const usedAfterEnd = control({
  id: 'used-after-end',
  version: 1,
  title: 'Nothing is used after its end',
  question: 'Was it obtained with a session or token that was over?',
  method:
    'Asked of credentials obtained within windowDays. Uncontrolled: somebody obtained it with a session or token that records show to ' +
    'be over. Controlled: nobody is seen to.',
  requirements: ['R4.3'],
  severity: 'high',
  because: 'authority that outlives its end was not revoked',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: (history, { windowDays }) => activeSince(history, history.at - windowDays * DAY_MS).length > 0,
  test: (history, { windowDays }) => {
    const active = activeSince(history, history.at - windowDays * DAY_MS)
    const late = active.filter(
      ({ findings, caveats }) =>
        findings.includes('used after end') || findings.includes('late use') || caveats.includes('used after end'),
    )
    if (late.length === 0) return controlled('Nobody obtained it with what was over.')
    return uncontrolled(
      `Obtained with a session or token that was over: ${named(late.map(({ accessor }) => accessor.name))}.`,
      restingOnAccessors(late, windowDays),
    )
  },
})
