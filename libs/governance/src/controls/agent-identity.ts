import type { Accessor } from '../history/accessor.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { DAY_MS, activeSince, named, restingOnAccessors } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

const OWN: readonly Accessor['kind'][] = ['workload', 'agent']

export const agentIdentity = control({
  id: 'agent-identity',
  version: 2,
  title: 'An agent has an identity of its own',
  question: 'Do agents obtain it under identities of their own, and never by themselves with a person’s authority?',
  method:
    'Asked of credentials that an AI-enabled workflow shares, or that an agent obtained within windowDays. Uncontrolled: an agent worked by ' +
    'itself with a person’s authority; or, in a declared workflow, somebody other than a workload or an agent obtained it. Unknown: nobody ' +
    'did. Controlled: agents and workloads under their own names.',
  requirements: ['R9.1'],
  severity: 'high',
  because: 'a program on a borrowed human identity acts with rights that were given to a person',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: (history, { windowDays }) =>
    isDeclared(history) ||
    activeSince(history, history.at - windowDays * DAY_MS).some(({ accessor }) => accessor.kind === 'agent'),
  test: (history, { windowDays }) => {
    const active = activeSince(history, history.at - windowDays * DAY_MS)
    if (active.length === 0) return unknown('Nothing shows under which identity the agent obtains it.')
    const alone = active.filter(({ findings }) => findings.includes('human account used autonomously'))
    if (alone.length > 0)
      return uncontrolled(
        `Obtained with a person’s authority and nobody attending: ${named(alone.map(({ accessor }) => accessor.name))}.`,
        restingOnAccessors(alone, windowDays),
      )
    const borrowed = active.filter(({ accessor }) => isDeclared(history) && !OWN.includes(accessor.kind))
    if (borrowed.length > 0)
      return uncontrolled(
        `In an AI-enabled workflow it is obtained as ${named(borrowed.map(({ accessor }) => accessor.name))}.`,
        restingOnAccessors(borrowed, windowDays),
      )
    return controlled('The agent obtains it under identities of its own.')
  },
})

function isDeclared({ sharing }: CredentialHistory): boolean {
  return sharing.workflows.some(({ aiEnabled }) => aiEnabled)
}
