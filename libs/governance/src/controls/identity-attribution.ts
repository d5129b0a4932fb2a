import { activeSince, counted, DAY_MS, named, restingOnAccessors } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const identityAttribution = control({
  id: 'identity-attribution',
  version: 1,
  title: 'Every retrieval ties to an identity',
  question: 'Is it known for every recent retrieval which person or workload it was?',
  method:
    'Asked of credentials obtained within windowDays. Uncontrolled: behind a retrieval nobody is known, or one of several without ' +
    'knowing which. Controlled: each ties to a person, a workload, an agent or a named shared identity; that one is shared is a matter of ' +
    'shared-identity.',
  requirements: ['R1.3'],
  severity: 'high',
  because: 'what nobody can be asked about cannot be governed',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: (history, { windowDays }) => activeSince(history, history.at - windowDays * DAY_MS).length > 0,
  test: (history, { windowDays }) => {
    const active = activeSince(history, history.at - windowDays * DAY_MS)
    const nameless = active.filter(({ accessor }) => accessor.kind === 'unknown' || accessor.kind === 'ambiguous')
    if (nameless.length === 0)
      return controlled('Every recent retrieval ties to a person, a workload, an agent or a named shared identity.')
    const reason = `${counted(nameless.length, 'accessor')} obtained it recently without it being known who: ${named(nameless.map(({ accessor }) => accessor.name))}.`
    return uncontrolled(reason, restingOnAccessors(nameless, windowDays))
  },
})
