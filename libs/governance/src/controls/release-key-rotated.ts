import { HOUR_MS, merged } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const releaseKeyRotated = control({
  id: 'release-key-rotated',
  version: 1,
  title: 'A signing key is rotated after its release',
  question: 'Was access to the signing key approved, and the key rotated after the release window closed?',
  method:
    'Asked of signing keys once a release window began. Uncontrolled: the access was not approved, or records show no change of the ' +
    'key within rotationHours after the window. Controlled: both were done, or the time still runs.',
  requirements: ['R3.8'],
  severity: 'high',
  because: 'who held a signing key during a release can sign for ever unless it is rotated',
  parameters: {
    rotationHours: { default: 72, unit: 'hours', meaning: 'time from the end of the window to the rotation' },
  },
  applies: ({ sharing, at }) => sharing.releases.some(({ from }) => from <= at),
  test: ({ sharing, changes, at }, { rotationHours }) => {
    const begun = sharing.releases.filter(({ from }) => from <= at)
    const unapproved = begun.filter(({ approvedBy }) => approvedBy === undefined)
    if (unapproved.length > 0)
      return uncontrolled('Access to the signing key was not approved.', {
        witnesses: merged(unapproved.map(({ positions }) => positions)),
      })
    const open = begun.filter(
      ({ until }) => !changes.some((change) => change.at >= until && change.how !== 'restored' && change.at <= at),
    )
    const overdue = open.filter(({ until }) => at >= until + rotationHours * HOUR_MS)
    if (overdue.length > 0)
      return uncontrolled(`The signing key was not rotated within ${rotationHours} hours after its release.`, {
        witnesses: merged(overdue.map(({ positions }) => positions)),
      })
    const due = open.map(({ until }) => until + rotationHours * HOUR_MS)
    return controlled(
      'The signing key was rotated after each release, or is not due yet.',
      due.length === 0 ? {} : { validUntil: Math.min(...due) },
    )
  },
})
