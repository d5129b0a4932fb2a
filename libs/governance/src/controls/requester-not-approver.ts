import { counted, merged } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const requesterNotApprover = control({
  id: 'requester-not-approver',
  version: 2,
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
  applies: ({ sharing, retrievals }) =>
    sharing.grants.length > 0 || retrievals.some(({ right }) => right.approvals.length > 0),
  test: ({ sharing, retrievals }) => {
    const self = sharing.grants.filter(
      ({ requestedBy, to, approvedBy }) =>
        approvedBy !== undefined && (approvedBy === requestedBy || approvedBy === to),
    )
    const own = retrievals.filter(({ right, initiator, accessor }) => {
      const approvers = right.approvals.flatMap(({ approver }) => approver ?? [])
      const isOwn = (approver: string): boolean =>
        approver === initiator?.key || accessor.keys.some((key) => key === approver)
      return approvers.some(isOwn) && approvers.every(isOwn)
    })
    const witnesses = merged([...self, ...own].map(({ positions }) => positions))
    if (self.length + own.length > 0)
      return uncontrolled(`${counted(self.length + own.length, 'approval')} came from who asked.`, { witnesses })
    const bots = sharing.grants.filter(({ approvedByBot, approvedBy }) => approvedByBot || approvedBy === undefined)
    if (bots.length > 0)
      return unknown(`${counted(bots.length, 'grant was', 'grants were')} approved by a program or by nobody named.`, {
        witnesses: merged(bots.map(({ positions }) => positions)),
      })
    return controlled('Each approval came from somebody else than who asked.')
  },
})
