import { endingFrom } from '../history/live-changes.js'
import { HOUR_MS, merged } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'
import { PERHAPS_ENDED } from './perhaps-ended.js'

export const releaseKeyRotated = control({
  id: 'release-key-rotated',
  version: 2,
  title: 'A signing key is rotated after its release',
  question: 'Was access to the signing key approved, and the key rotated after the release window closed?',
  method:
    'Asked of signing keys once a release window began. Uncontrolled: the access was not approved, or records show no change of the ' +
    'key within rotationHours after the window. Unknown: versions were deleted since, and whether the one in use was among them is not recorded. ' +
    'Controlled: both were done, or the time still runs.',
  requirements: ['R3.8'],
  severity: 'high',
  because: 'who held a signing key during a release can sign for ever unless it is rotated',
  parameters: {
    rotationHours: { default: 72, unit: 'hours', meaning: 'time from the end of the window to the rotation' },
  },
  applies: ({ sharing, at }) => sharing.releases.some(({ from }) => from <= at),
  test: (history, { rotationHours }) => {
    const { sharing, at } = history
    const begun = sharing.releases.filter(({ from }) => from <= at)
    const unapproved = begun.filter(({ approvedBy }) => approvedBy === undefined)
    if (unapproved.length > 0)
      return uncontrolled('Access to the signing key was not approved.', {
        witnesses: merged(unapproved.map(({ positions }) => positions)),
      })
    const open = begun.filter(({ until }) => endingFrom(history, until).sure === undefined)
    const late = open.filter(({ until }) => at >= until + rotationHours * HOUR_MS)
    const overdue = late.filter(({ until }) => endingFrom(history, until).perhaps === undefined)
    if (overdue.length > 0)
      return uncontrolled(`The signing key was not rotated within ${rotationHours} hours after its release.`, {
        witnesses: merged(overdue.map(({ positions }) => positions)),
      })
    const due = open.map(({ until }) => until + rotationHours * HOUR_MS).filter((time) => time > at)
    if (late.length > 0)
      return unknown(`After its release ${PERHAPS_ENDED}.`, {
        witnesses: merged(late.map(({ positions }) => positions)),
        ...(due.length === 0 ? {} : { validUntil: Math.min(...due) }),
      })
    return controlled(
      'The signing key was rotated after each release, or is not due yet.',
      due.length === 0 ? {} : { validUntil: Math.min(...due) },
    )
  },
})
