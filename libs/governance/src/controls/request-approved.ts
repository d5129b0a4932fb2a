import { behind, sightingsBehind } from '../history/behind.js'
import { knownFrom } from '../history/looks-back.js'
import { grantedBy, isGrantedThroughout } from '../history/granted.js'
import { counted, DAY_MS, isShared, obtainedWithin, restingOn } from '../history/questions.js'
import { isApproved } from '../history/retrieval.js'
import { control, controlled, tooOften, uncontrolled, unknown } from './control.js'

export const requestApproved = control({
  id: 'request-approved',
  version: 4,
  title: 'Shared access is requested and approved',
  question: 'Does each recent retrieval of this shared credential rest on a grant or an approval?',
  method:
    'Asked of shared credentials obtained within windowDays. Controlled: each retrieval falls into a grant to whoever obtained it, or ' +
    'a system recorded an approval that stood then. Uncontrolled: one rests on neither, which one by somebody who was not in the role that it is granted ' +
    'to does not: who was in it when it was obtained counts, not who is now. Unknown: it is granted to a role, or to one of those who may have ' +
    'obtained it, and it is not on record that it was whoever it is granted to; or there were too many retrievals to look at each, and no grant by name ' +
    'covers them all.',
  requirements: ['R3.1'],
  severity: 'medium',
  because: 'without request and approval nobody decided that this sharing should be',
  parameters: { windowDays: { default: 30, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: (history, { windowDays }) => isShared(history) && obtainedWithin(history, windowDays).length > 0,
  test: (history, { windowDays }) => {
    const since = history.at - windowDays * DAY_MS
    const unapproved = obtainedWithin(history, windowDays).filter((retrieval) => !isApproved(retrieval))
    const neverApproved = sightingsBehind(history, since).filter(({ of }) => of.approved === 0)
    const bare = [...unapproved, ...neverApproved].filter((use) => grantedBy(history, use) === 'no')
    const perhaps = unapproved.filter((retrieval) => grantedBy(history, retrieval) === 'perhaps')
    if (bare.length === 0 && perhaps.length > 0)
      return unknown(
        'It is granted to a role, or to one of several, and not on record that everybody who obtained it was that or in it then.',
        restingOn(perhaps, windowDays),
      )
    const grants = history.sharing.grants.map(({ from }) => from)
    if (bare.length === 0 && behind(history, since).some((one) => !isGrantedThroughout(history, one)))
      return tooOften(
        history,
        [knownFrom(history) + 1, ...grants].map((moment) => moment + windowDays * DAY_MS),
      )
    if (bare.length === 0) return controlled('Each recent retrieval rests on a grant or an approval.')
    return uncontrolled(
      `${counted(bare.length, 'recent retrieval rests', 'recent retrievals rest')} on no grant and no approval.`,
      restingOn(bare, windowDays),
    )
  },
})
