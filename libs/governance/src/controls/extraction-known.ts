import { isOneActor } from '../history/accessor.js'
import { activeSince, DAY_MS, named, witnessesOf } from '../history/questions.js'
import { control, controlled, unknown } from './control.js'

export const extractionKnown = control({
  id: 'extraction-known',
  version: 2,
  title: 'It is known who can take it out',
  question: 'Is every system and person that obtained it known by name?',
  method:
    'Asked of credentials obtained within windowDays. Controlled: a person, a workload or an agent is known behind each. Unknown: somebody ' +
    'shared, ambiguous or unknown obtained it.',
  requirements: ['R2.5'],
  severity: 'low',
  because: 'what takes a secret out must be told when it is rotated',
  neverFails: 'that nobody is known behind a retrieval fails identity-attribution, and one gap is not counted twice',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: (history, { windowDays }) => activeSince(history, history.at - windowDays * DAY_MS).length > 0,
  test: (history, { windowDays }) => {
    const active = activeSince(history, history.at - windowDays * DAY_MS)
    const vague = active.filter(({ accessor }) => !isOneActor(accessor))
    if (vague.length > 0)
      return unknown(`Who takes it out is not known behind ${named(vague.map(({ accessor }) => accessor.name))}.`, {
        witnesses: witnessesOf(vague),
      })
    return controlled(`It was taken out by ${named(active.map(({ accessor }) => accessor.name))}.`, {
      witnesses: witnessesOf(active),
    })
  },
})
