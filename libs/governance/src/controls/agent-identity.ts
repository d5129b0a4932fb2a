import { DAY_MS, activeSince, named, witnessesOf } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const agentIdentity = control({
  id: 'agent-identity',
  version: 1,
  title: 'An agent has an identity of its own',
  question: 'In an AI-enabled workflow, is it obtained under identities of workloads and not of people or many?',
  method:
    'Asked of credentials that an AI-enabled workflow shares. Uncontrolled: within windowDays somebody other than a workload obtained ' +
    'it. Unknown: nobody did. Controlled: workloads alone.',
  requirements: ['R9.1'],
  severity: 'high',
  because: 'a program on a borrowed human identity acts with rights that were given to a person',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: ({ sharing }) => sharing.workflows.some(({ aiEnabled }) => aiEnabled),
  test: (history, { windowDays }) => {
    const active = activeSince(history, history.at - windowDays * DAY_MS)
    if (active.length === 0) return unknown('Nothing shows under which identity the agent obtains it.')
    const borrowed = active.filter(({ accessor }) => accessor.kind !== 'workload')
    if (borrowed.length > 0)
      return uncontrolled(
        `In an AI-enabled workflow it is obtained as ${named(borrowed.map(({ accessor }) => accessor.name))}.`,
        {
          witnesses: witnessesOf(borrowed),
          validUntil: Math.max(...borrowed.map(({ lastAt }) => lastAt ?? 0)) + windowDays * DAY_MS + 1,
        },
      )
    return controlled('The agent obtains it under identities of its own.')
  },
})
