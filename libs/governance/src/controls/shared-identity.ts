import { activeSince, DAY_MS, named, witnessesOf } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const sharedIdentity = control({
  id: 'shared-identity',
  version: 1,
  title: 'No identity stands for several actors',
  question: 'Was it obtained under an identity that many hold?',
  method:
    'Asked of credentials obtained within windowDays. Uncontrolled: it was obtained under an identity that several hold, that ' +
    'outlived its user, or that an operator joined to a person by hand. Controlled: each identity stands for one actor.',
  requirements: ['R1.6'],
  severity: 'high',
  because: 'behind a shared identity the actor is nobody in particular',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: (history, { windowDays }) => activeSince(history, history.at - windowDays * DAY_MS).length > 0,
  test: (history, { windowDays }) => {
    const active = activeSince(history, history.at - windowDays * DAY_MS)
    const shared = active.filter(
      ({ accessor, findings, caveats }) =>
        accessor.kind === 'shared' ||
        findings.includes('identity outlived its user') ||
        caveats.includes("operator's join"),
    )
    if (shared.length === 0) return controlled('Each recent actor has an identity of its own.')
    const last = Math.max(...shared.map(({ lastAt }) => lastAt ?? 0))
    const reason = `It was obtained under an identity that does not stand for one actor: ${named(shared.map(({ accessor }) => accessor.name))}.`
    return uncontrolled(reason, { witnesses: witnessesOf(shared), validUntil: last + windowDays * DAY_MS + 1 })
  },
})
