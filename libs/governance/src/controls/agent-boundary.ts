import { merged, obtained } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const agentBoundary = control({
  id: 'agent-boundary',
  version: 1,
  title: 'Trust boundaries are crossed with a person’s word',
  question:
    'In an AI-enabled workflow, does a person confirm what crosses a trust boundary, and is no token handed on unseen?',
  method:
    'Asked of credentials that an AI-enabled workflow shares. Uncontrolled: a token was handed on to a holder that nobody knows, or a ' +
    'workflow says that nobody confirms what crosses a boundary. Unknown: a workflow does not say. Controlled: each says that a ' +
    'person confirms it.',
  requirements: ['R9.2'],
  severity: 'high',
  because: 'chained tools carry a credential where nobody meant it to go',
  parameters: {},
  applies: ({ sharing }) => sharing.workflows.some(({ aiEnabled }) => aiEnabled),
  test: (history) => {
    const workflows = history.sharing.workflows.filter(({ aiEnabled }) => aiEnabled)
    const handed = obtained(history).filter(({ actor }) => actor.reason === 'bearer handed over')
    if (handed.length > 0)
      return uncontrolled('A token was handed on to a holder that nobody knows.', {
        witnesses: merged(handed.map(({ positions }) => positions)),
      })
    const unconfirmed = workflows.filter(({ confirmed }) => confirmed === false)
    const witnesses = merged(workflows.map(({ positions }) => positions))
    if (unconfirmed.length > 0) return uncontrolled('No person confirms what crosses a trust boundary.', { witnesses })
    if (workflows.some(({ confirmed }) => confirmed === undefined))
      return unknown('Whether a person confirms what crosses a trust boundary is not on record.', { witnesses })
    return controlled('A person confirms what crosses a trust boundary.', { witnesses })
  },
})
