import type { CredentialHistory } from '../history/credential-history.js'
import { endingFrom, hasEndedBy, type OfLive } from '../history/live-changes.js'
import { counted, HOUR_MS, merged, obtained } from '../history/questions.js'
import type { Exposure } from '../history/sharing-record.js'
import { control, controlled, uncontrolled, unknown } from './control.js'
import { PERHAPS_ENDED } from './perhaps-ended.js'

export const exposureAnswered = control({
  id: 'exposure-answered',
  version: 2,
  title: 'What leaked is replaced at once',
  question: 'Was it replaced in time after each report of exposure, and not obtained unreplaced since?',
  method:
    'Asked of credentials that were reported as leaked, found by a scanner or misused. Uncontrolled: records show no change of the ' +
    'secret within replaceHours after the report. Unknown: something was deleted in time, and whether it was what is in use or only an older version is ' +
    'not recorded. Controlled: it was changed in time, or the time still runs.',
  requirements: ['R3.10'],
  severity: 'critical',
  because: 'leaked secrets are abused within minutes and mostly stay valid for days',
  parameters: { replaceHours: { default: 1, unit: 'hours', meaning: 'time from the report to the replacement' } },
  applies: ({ sharing, at }) => sharing.exposures.some((one) => one.how !== 'insecure-sharing' && one.at <= at),
  test: (history, { replaceHours }) => {
    const reports = history.sharing.exposures.filter(({ how, at }) => how !== 'insecure-sharing' && at <= history.at)
    const due = (one: Exposure): number => one.at + replaceHours * HOUR_MS
    const replaced = (one: Exposure): OfLive =>
      history.at <= due(one) ? 'yes' : hasEndedBy(endingFrom(history, one.at), due(one))
    const late = reports.filter((one) => replaced(one) === 'no')
    const witnesses = merged([...late.map(({ positions }) => positions), ...usesAfter(history, late)])
    if (late.length > 0)
      return uncontrolled(
        `After ${counted(late.length, 'report')} of exposure it was not replaced within ${counted(replaceHours, 'hour')}.`,
        { witnesses },
      )
    const open = reports
      .filter((one) => endingFrom(history, one.at).sure === undefined && due(one) >= history.at)
      .map((one) => due(one) + 1)
    const unclear = reports.filter((one) => replaced(one) === 'perhaps')
    if (unclear.length > 0)
      return unknown(`After ${counted(unclear.length, 'report')} of exposure ${PERHAPS_ENDED}.`, {
        witnesses: merged(unclear.map(({ positions }) => positions)),
        ...(open.length === 0 ? {} : { validUntil: Math.min(...open) }),
      })
    return controlled(
      'It was replaced after each report of exposure, or the time for it runs.',
      open.length === 0 ? {} : { validUntil: Math.min(...open) },
    )
  },
})

function usesAfter(history: CredentialHistory, reports: readonly Exposure[]): (readonly number[])[] {
  return obtained(history)
    .filter(({ at }) => reports.some((one) => at > one.at))
    .map(({ positions }) => positions)
}
