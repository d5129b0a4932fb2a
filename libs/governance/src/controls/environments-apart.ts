import { activeSince, DAY_MS, named, witnessesOf } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const environmentsApart = control({
  id: 'environments-apart',
  version: 1,
  title: 'Environments are kept apart',
  question: 'Is it used in one environment only?',
  method:
    'Asked where an environment is declared or recorded. Uncontrolled: what was recorded within windowDays and what is declared name ' +
    'more than one. Unknown: nothing recorded names one. Controlled: all name the same.',
  requirements: ['R3.14'],
  severity: 'high',
  because: 'what opens two environments lets the weaker one reach the stronger',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: ({ accessors, stewardship }) =>
    stewardship.declared.environment !== undefined || accessors.some(({ environments }) => environments.length > 0),
  test: (history, { windowDays }) => {
    const active = activeSince(history, history.at - windowDays * DAY_MS).filter(
      ({ environments }) => environments.length > 0,
    )
    const declared = history.stewardship.declared.environment
    const seen = new Set([
      ...active.flatMap(({ environments }) => environments),
      ...(declared === undefined ? [] : [declared]),
    ])
    if (seen.size > 1)
      return uncontrolled(`It is used in ${named([...seen].sort())}.`, {
        witnesses: witnessesOf(active),
        validUntil: Math.max(history.at, ...active.map(({ lastAt }) => lastAt ?? 0)) + windowDays * DAY_MS + 1,
      })
    if (active.length === 0) return unknown('Nothing recorded shows in which environment it is used.')
    return controlled(`It is used in ${named([...seen])} only.`)
  },
})
