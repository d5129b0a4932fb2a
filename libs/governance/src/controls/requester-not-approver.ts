import { holdsAll } from '../history/behind.js'
import { counted, merged } from '../history/questions.js'
import { isApprovedByItself, isApprovedByNobodyNamed } from '../history/retrieval.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const requesterNotApprover = control({
  id: 'requester-not-approver',
  version: 4,
  title: 'Nobody approves their own request',
  question: 'Was each grant approved by another person than who asked?',
  method:
    'Asked where a grant or an approval is recorded. Uncontrolled: who asked or would benefit approved, by any of their names, and nobody else ' +
    'who is known did: who approved a run may start it again, if another one approves that. Unknown: a program approved, or nobody named. ' +
    'Controlled: each approval came from another person, or another person approved too.',
  requirements: ['R3.1'],
  severity: 'high',
  because: 'an approval of one’s own request is none',
  parameters: {},
  applies: ({ sharing, retrievals, accessors }) =>
    sharing.grants.length > 0 ||
    retrievals.some(({ right }) => right.approvals.length > 0) ||
    accessors.some((one) => one.approvers.length + one.approved + one.approvedByItself + one.approvedByNobodyNamed > 0),
  test: (history) => {
    const { sharing, retrievals } = history
    const self = sharing.grants.filter(
      ({ requestedBy, to, approvedBy }) =>
        approvedBy !== undefined && (approvedBy === requestedBy || approvedBy === to),
    )
    const own = retrievals.filter(isApprovedByItself)
    const seen = new Set(own.map(({ accessor }) => accessor.id))
    const unseen = holdsAll(history) ? [] : history.accessors.filter(({ accessor }) => !seen.has(accessor.id))
    const ownBehind = unseen.filter(({ approvedByItself }) => approvedByItself > 0).map(({ newest }) => newest)
    const wrong = [...self, ...own, ...ownBehind]
    const witnesses = merged(wrong.map(({ positions }) => positions))
    if (wrong.length > 0)
      return uncontrolled(`${counted(wrong.length, 'approval')} came from who asked.`, { witnesses })
    const bots = sharing.grants.filter(({ approvedByBot, approvedBy }) => approvedByBot || approvedBy === undefined)
    if (bots.length > 0)
      return unknown(`${counted(bots.length, 'grant was', 'grants were')} approved by a program or by nobody named.`, {
        witnesses: merged(bots.map(({ positions }) => positions)),
      })
    const nameless = retrievals.filter(isApprovedByNobodyNamed)
    if (nameless.length > 0)
      return unknown(`${counted(nameless.length, 'time')} it was obtained by an approval of nobody named.`, {
        witnesses: merged(nameless.map(({ positions }) => positions)),
      })
    const namelessBehind = unseen.filter(({ approvedByNobodyNamed }) => approvedByNobodyNamed > 0)
    if (namelessBehind.length > 0)
      return unknown(`${counted(namelessBehind.length, 'accessor')} came by an approval of nobody named.`, {
        witnesses: merged(namelessBehind.map(({ newest }) => newest.positions)),
      })
    return controlled('Each approval came from somebody else than who asked.')
  },
})
