import {
  daysOf,
  DAY_MS,
  goneSince,
  isDynamic,
  isKeptKey,
  isPerhapsGone,
  lastRotation,
  merged,
  perhapsRotation,
} from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'
import { PERHAPS_ENDED } from './perhaps-ended.js'

export const rotationAge = control({
  id: 'rotation-age',
  version: 3,
  title: 'Static secrets are rotated',
  question: 'Is what it holds younger than the rotation period?',
  method:
    'Asked of static secrets that exist. Uncontrolled: its last recorded change, or where none is recorded its first sight, is older ' +
    'than rotationDays or than what its owner declared. Unknown: it is younger, and no change is recorded; or it is older, and versions ' +
    'were deleted of which no record tells whether the one in use was among them, or it was perhaps changed within the period, and no record shows the answer. ' +
    'Controlled: it was changed within the period.',
  requirements: ['R2.1'],
  severity: 'medium',
  because: 'the longer a secret lives the more have seen it',
  parameters: {
    rotationDays: { default: 90, unit: 'days', meaning: 'longest age, unless its owner declared another' },
  },
  applies: (history) => isDynamic(history) === false && !isKeptKey(history) && goneSince(history) === undefined,
  test: (history, { rotationDays }) => {
    const limit = (history.stewardship.declared.rotationDays ?? rotationDays) * DAY_MS
    const rotation = lastRotation(history)
    const since = rotation?.at ?? history.firstSeenAt ?? history.at
    const witnesses = rotation?.positions ?? []
    if (history.at - since > limit && isPerhapsGone(history))
      return unknown(`It was not rotated for ${daysOf(history.at - since)}; ${PERHAPS_ENDED}.`, { witnesses })
    const perhaps = perhapsRotation(history)
    if (history.at - since > limit && perhaps !== undefined && history.at - perhaps.at <= limit)
      return unknown(
        `It was not rotated for ${daysOf(history.at - since)}, or was since, and no record shows whether it was.`,
        {
          witnesses: merged([witnesses, perhaps.positions]),
          validUntil: perhaps.at + limit + 1,
        },
      )
    if (history.at - since > limit)
      return uncontrolled(`It was not rotated for ${daysOf(history.at - since)}.`, { witnesses })
    if (rotation === undefined) return unknown('No rotation is recorded.', { validUntil: since + limit + 1 })
    return controlled(`It was rotated ${daysOf(history.at - since)} ago.`, { witnesses, validUntil: since + limit + 1 })
  },
})
