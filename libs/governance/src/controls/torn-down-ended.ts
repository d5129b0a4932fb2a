import type { Instant } from '@catena/domain'
import type { CredentialHistory, Teardown } from '../history/credential-history.js'
import { endingAfter, goneAt, hasEndedBy, type OfLive } from '../history/live-changes.js'
import { HOUR_MS, isDynamic, merged, named, obtained } from '../history/questions.js'
import type { Retrieval } from '../history/retrieval.js'
import { control, controlled, uncontrolled, unknown } from './control.js'
import { PERHAPS_ENDED } from './perhaps-ended.js'

export const tornDownEnded = control({
  id: 'torn-down-ended',
  version: 3,
  title: 'What an environment had ends with it',
  question: 'Was it replaced or ended in time after an environment or pipeline that had it was torn down?',
  method:
    'Asked of credentials that a record of a teardown names. Uncontrolled: endHours after it the secret was neither changed nor ended, and it was not ' +
    'gone before; of what is issued anew each time, something issued before had not ended by then. Unknown: of that there is too much to look at each, or ' +
    'versions were deleted in time, and whether the one in use was among them is not recorded, or the end of something issued is ambiguous. ' +
    'Controlled: it ended in time, or the time still runs.',
  requirements: ['R3.14', 'R4.1'],
  severity: 'high',
  because: 'what a dead environment leaves behind opens what it opened, and nobody misses it',
  parameters: { endHours: { default: 24, unit: 'hours', meaning: 'time from the teardown to the end of what it had' } },
  applies: ({ teardowns }) => teardowns.length > 0,
  test: (history, { endHours }) => {
    const limit = endHours * HOUR_MS
    const judged = history.teardowns.map((one) => ({ ...one, ended: hasEnded(history, one, limit) }))
    const late = judged.filter(({ ended }) => ended === 'no')
    if (late.length > 0)
      return uncontrolled(
        `Not ended within ${endHours} hours after what had it was torn down: ${named(late.map(({ name }) => name))}.`,
        { witnesses: merged(late.map(({ positions }) => positions)) },
      )
    const due = history.teardowns.map(({ at }) => at + limit + 1).filter((time) => time > history.at)
    const more = {
      witnesses: merged(history.teardowns.map(({ positions }) => positions)),
      ...(due.length === 0 ? {} : { validUntil: Math.min(...due) }),
    }
    if (isDynamic(history) === true && history.older)
      return unknown('It is issued too often to look at each that was issued before the teardown.', more)
    const unclear = judged.filter(({ ended }) => ended === 'perhaps')
    if (unclear.length > 0)
      return unknown(
        `After what had it was torn down (${named(unclear.map(({ name }) => name))}) ${isDynamic(history) === true ? LEASE_PERHAPS_ENDED : PERHAPS_ENDED}.`,
        more,
      )
    return controlled('What was torn down left nothing behind, or the time to end it still runs.', more)
  },
})

const LEASE_PERHAPS_ENDED = 'what had been issued perhaps ended, and whether it did is not recorded'

/** It ended in time, or the time still runs. */
function hasEnded(history: CredentialHistory, { at }: Teardown, limit: number): OfLive {
  if (history.at - at <= limit) return 'yes'
  if (isDynamic(history) === true)
    return hasEndedOfAll(
      obtained(history).filter((one) => one.at <= at),
      at + limit,
    )
  const gone = goneAt(history, at)
  if (gone?.isSure === true) return 'yes'
  const ended = hasEndedBy(endingAfter(history, at), at + limit)
  return ended === 'no' && gone !== undefined ? 'perhaps' : ended
}

/** Of what was issued: an end that perhaps was may have been at another time, or not at all. */
function hasEndedOfAll(issued: readonly Retrieval[], by: Instant): OfLive {
  const isSure = ({ end }: Retrieval): boolean => end.state !== 'ambiguous'
  if (issued.some((one) => isSure(one) && (one.end.at ?? Infinity) > by)) return 'no'
  return issued.every(isSure) ? 'yes' : 'perhaps'
}
