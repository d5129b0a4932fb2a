import type { CredentialHistory } from '../history/credential-history.js'
import { counted, DAY_MS, isShared, merged, obtained } from '../history/questions.js'
import type { Retrieval } from '../history/retrieval.js'
import { control, controlled, uncontrolled } from './control.js'

export const requestApproved = control({
  id: 'request-approved',
  version: 1,
  title: 'Shared access is requested and approved',
  question: 'Does each recent retrieval of this shared credential rest on a grant or an approval?',
  requirements: ['R3.1'],
  severity: 'medium',
  because: 'without request and approval nobody decided that this sharing should be',
  parameters: { windowDays: { default: 30, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: (history, { windowDays }) => isShared(history) && recentOf(history, windowDays).length > 0,
  test: (history, { windowDays }) => {
    const bare = recentOf(history, windowDays).filter(
      (retrieval) => !isGranted(history, retrieval) && !isApproved(retrieval),
    )
    if (bare.length === 0) return controlled('Each recent retrieval rests on a grant or an approval.')
    return uncontrolled(
      `${counted(bare.length, 'recent retrieval rests', 'recent retrievals rest')} on no grant and no approval.`,
      {
        witnesses: merged(bare.map(({ positions }) => positions)),
        validUntil: Math.max(...bare.map(({ at }) => at)) + windowDays * DAY_MS + 1,
      },
    )
  },
})

function recentOf(history: CredentialHistory, windowDays: number): Retrieval[] {
  return obtained(history).filter(({ at }) => at >= history.at - windowDays * DAY_MS)
}

/** A grant to a role counts for whoever came by it: members are resolved where the role is checked. */
export function isGranted({ sharing }: CredentialHistory, { accessor, at }: Retrieval): boolean {
  return sharing.grants.some(
    ({ to, toRole, from, until, endedAt }) =>
      from <= at && at < Math.min(until ?? Infinity, endedAt ?? Infinity) && (toRole || accessor.keys.includes(to)),
  )
}

function isApproved({ right }: Retrieval): boolean {
  return right.approvals.some(
    ({ decision, state }) => decision === 'approved' && (state === 'proven' || state === 'inferred'),
  )
}
