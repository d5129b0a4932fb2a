import {
  daysOf,
  DAY_MS,
  goneSince,
  isDynamic,
  isKeptKey,
  isPerhapsGone,
  lastRotation,
  merged,
  perhapsRotatedSince,
  rotatesUnseen,
} from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'
import { PERHAPS_ENDED, PERHAPS_WRITTEN, ROTATES_UNSEEN } from './perhaps-ended.js'

export const rotationAge = control({
  id: 'rotation-age',
  version: 4,
  title: 'Static secrets are rotated',
  question: 'Is what it holds younger than the rotation period?',
  method:
    'Asked of static secrets that exist. Uncontrolled: its last recorded change, or where none is recorded its first sight, is older ' +
    'than rotationDays or than what its owner declared. Unknown: it is younger, and no change is recorded; or it is older, and versions ' +
    'were deleted of which no record tells whether the one in use was among them, or it was updated within the period and no record tells ' +
    'whether that changed what it holds; or its store changes it by itself, which no record tells. Controlled: it was changed within the period.',
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
    const updates = perhapsRotatedSince(history, history.at - limit - 1)
    if (history.at - since > limit && updates.length > 0)
      return unknown(`It was not rotated for ${daysOf(history.at - since)} for certain; ${PERHAPS_WRITTEN}.`, {
        witnesses: merged([witnesses, ...updates.map(({ positions }) => positions)]),
        validUntil: Math.max(...updates.map(({ at }) => at)) + limit + 1,
      })
    if (history.at - since > limit && rotatesUnseen(history))
      return unknown(`No rotation is recorded for ${daysOf(history.at - since)}; ${ROTATES_UNSEEN}.`, { witnesses })
    if (history.at - since > limit)
      return uncontrolled(`It was not rotated for ${daysOf(history.at - since)}.`, { witnesses })
    if (rotation === undefined) return unknown('No rotation is recorded.', { validUntil: since + limit + 1 })
    return controlled(`It was rotated ${daysOf(history.at - since)} ago.`, { witnesses, validUntil: since + limit + 1 })
  },
})
