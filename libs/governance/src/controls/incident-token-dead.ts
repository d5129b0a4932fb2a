import { sightingsBehind } from '../history/behind.js'
import { counted, merged, obtained } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const incidentTokenDead = control({
  id: 'incident-token-dead',
  version: 3,
  title: 'An incident’s token dies with containment',
  question: 'Was a token made for an incident used after containment, or by somebody else than its responders?',
  method:
    'Asked of credentials issued for an incident. Uncontrolled: one was obtained after containment, or by somebody who is no ' +
    'responder. Unknown: nothing shows by whom. Controlled: neither is recorded.',
  requirements: ['R3.5'],
  severity: 'high',
  because: 'a token that outlives its incident is access that nobody is watching',
  parameters: {},
  applies: ({ sharing }) => sharing.incidents.length > 0,
  test: (history) => {
    const uses = [...obtained(history), ...sightingsBehind(history, -Infinity)]
    const wrong = history.sharing.incidents.flatMap(({ issuedAt, containedAt, responders }) =>
      uses.filter(
        ({ at, accessor }) =>
          at >= issuedAt &&
          ((containedAt !== undefined && at > containedAt) ||
            (accessor.keys.length > 0 && !accessor.keys.some((key) => responders.includes(key)))),
      ),
    )
    const nameless = history.sharing.incidents.flatMap(({ issuedAt }) =>
      uses.filter(({ at, accessor }) => at >= issuedAt && accessor.keys.length === 0),
    )
    if (wrong.length === 0 && nameless.length > 0)
      return unknown('It was used before containment, and nothing shows whether by a responder.', {
        witnesses: merged(nameless.map(({ positions }) => positions)),
      })
    if (wrong.length === 0) return controlled('Only its responders used it, and not after containment.')
    return uncontrolled(
      `${counted(wrong.length, 'use')} of an incident’s token came after containment or from no responder.`,
      { witnesses: merged(wrong.map(({ positions }) => positions)) },
    )
  },
})
