import { behind, sightingsBehind } from '../history/behind.js'
import { knownFrom } from '../history/looks-back.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { counted, DAY_MS, merged, obtained, obtainedWithin, restingOn } from '../history/questions.js'
import type { Retrieval } from '../history/retrieval.js'
import { control, controlled, tooOften, uncontrolled, unknown } from './control.js'

export const agentBoundary = control({
  id: 'agent-boundary',
  version: 3,
  title: 'Trust boundaries are crossed with a person’s word',
  question:
    'In an AI-enabled workflow, does a person confirm what crosses a trust boundary, and is no token handed on unseen?',
  method:
    'Asked of credentials that an AI-enabled workflow shares, or with which a privileged call left its trust boundary within windowDays and no ' +
    'person is recorded to have confirmed it. Uncontrolled: there was such a call, a token was handed on to a holder that nobody knows, or a ' +
    'workflow says that nobody confirms what crosses a boundary. Unknown: a workflow does not say, or there were too many retrievals to look at each call. Controlled: each says that a ' +
    'person confirms it, and no record shows otherwise.',
  requirements: ['R9.2'],
  severity: 'high',
  because: 'chained tools carry a credential where nobody meant it to go',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'calls of so long ago still count' } },
  applies: (history, { windowDays }) =>
    aiEnabledIn(history).length > 0 ||
    crossingsIn(history, windowDays).length > 0 ||
    mayHaveCrossed(history, windowDays),
  test: (history, { windowDays }) => {
    const crossings = crossingsIn(history, windowDays)
    if (crossings.length > 0)
      return uncontrolled(
        `${counted(crossings.length, 'privileged call', 'privileged calls')} left the trust boundary, and no person is recorded to have confirmed that.`,
        restingOn(crossings, windowDays),
      )
    const workflows = aiEnabledIn(history)
    const uses = workflows.length === 0 ? [] : [...obtained(history), ...sightingsBehind(history, -Infinity)]
    const handed = uses.filter(isHandedOver)
    if (handed.length > 0)
      return uncontrolled('A token was handed on to a holder that nobody knows.', {
        witnesses: merged(handed.map(({ positions }) => positions)),
      })
    const unconfirmed = workflows.filter(({ confirmed }) => confirmed === false)
    const witnesses = merged(workflows.map(({ positions }) => positions))
    if (unconfirmed.length > 0) return uncontrolled('No person confirms what crosses a trust boundary.', { witnesses })
    if (mayHaveCrossed(history, windowDays)) return tooOften(history, [knownFrom(history) + windowDays * DAY_MS + 1])
    if (workflows.some(({ confirmed }) => confirmed === undefined))
      return unknown('Whether a person confirms what crosses a trust boundary is not on record.', { witnesses })
    return controlled('A person confirms what crosses a trust boundary.', { witnesses })
  },
})

function aiEnabledIn({ sharing }: CredentialHistory) {
  return sharing.workflows.filter(({ aiEnabled }) => aiEnabled)
}

function crossingsIn(history: CredentialHistory, windowDays: number): Retrieval[] {
  return obtainedWithin(history, windowDays).filter(({ findings }) =>
    findings.some(({ kind }) => kind === 'unconfirmed crossing'),
  )
}

/** There was such a call, and it is not known whether it was in the period. */
function mayHaveCrossed(history: CredentialHistory, windowDays: number): boolean {
  return behind(history, history.at - windowDays * DAY_MS).some(({ of }) =>
    of.findings.includes('unconfirmed crossing'),
  )
}

function isHandedOver({ accessor }: Pick<Retrieval, 'accessor'>): boolean {
  return accessor.reason === 'bearer handed over'
}
