import { activeSince, DAY_MS, named, witnessesOf } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const humanUseOfWorkload = control({
  id: 'human-use-of-workload',
  version: 1,
  title: 'People do not use what belongs to workloads',
  question: 'Did a person obtain a credential that workloads use?',
  method:
    'Asked of credentials that workloads obtained within windowDays. Uncontrolled: a person did so too who is neither its owner nor a ' +
    'custodian. Controlled: no such person.',
  requirements: ['R1.6'],
  severity: 'medium',
  because: 'a person behind a workload’s credential acts as the workload, past their own rights',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: (history, { windowDays }) =>
    activeSince(history, history.at - windowDays * DAY_MS).some(({ accessor }) => accessor.kind === 'workload'),
  test: (history, { windowDays }) => {
    const active = activeSince(history, history.at - windowDays * DAY_MS)
    const people = active.filter(({ accessor }) => accessor.kind === 'person')
    const custodians = new Set<string>([
      ...history.stewardship.stewards.map(({ key }) => key),
      history.owner?.key ?? '',
    ])
    const others = people.filter(({ accessor }) => !accessor.keys.some((key) => custodians.has(key)))
    if (others.length === 0) return controlled('Only workloads, its owner and its custodians obtained it.')
    const last = Math.max(...others.map(({ lastAt }) => lastAt ?? 0))
    return uncontrolled(
      `Workloads use it, and these people obtained it too: ${named(others.map(({ accessor }) => accessor.name))}.`,
      { witnesses: witnessesOf(others), validUntil: last + windowDays * DAY_MS + 1 },
    )
  },
})
