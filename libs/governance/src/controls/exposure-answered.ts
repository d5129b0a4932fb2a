import type { CredentialHistory } from '../history/credential-history.js'
import { counted, HOUR_MS, merged, obtained } from '../history/questions.js'
import type { Exposure } from '../history/sharing-record.js'
import { control, controlled, uncontrolled } from './control.js'

export const exposureAnswered = control({
  id: 'exposure-answered',
  version: 1,
  title: 'What leaked is replaced at once',
  question: 'Was it replaced in time after each report of exposure, and not obtained unreplaced since?',
  method:
    'Asked of credentials that were reported as leaked, found by a scanner or misused. Uncontrolled: records show no change of the ' +
    'secret within replaceHours after the report. Controlled: it was changed in time, or the time still runs.',
  requirements: ['R3.10'],
  severity: 'critical',
  because: 'leaked secrets are abused within minutes and mostly stay valid for days',
  parameters: { replaceHours: { default: 1, unit: 'hours', meaning: 'time from the report to the replacement' } },
  applies: ({ sharing, at }) => sharing.exposures.some((one) => one.how !== 'insecure-sharing' && one.at <= at),
  test: (history, { replaceHours }) => {
    const reports = history.sharing.exposures.filter(({ how, at }) => how !== 'insecure-sharing' && at <= history.at)
    const due = (one: Exposure): number => one.at + replaceHours * HOUR_MS
    const late = reports.filter((one) => (replacedAt(history, one) ?? history.at) > due(one))
    const witnesses = merged([...late.map(({ positions }) => positions), ...usesAfter(history, late)])
    if (late.length > 0)
      return uncontrolled(
        `After ${counted(late.length, 'report')} of exposure it was not replaced within ${counted(replaceHours, 'hour')}.`,
        { witnesses },
      )
    const open = reports.filter((one) => replacedAt(history, one) === undefined).map((one) => due(one) + 1)
    return controlled(
      'It was replaced after each report of exposure, or the time for it runs.',
      open.length === 0 ? {} : { validUntil: Math.min(...open) },
    )
  },
})

function replacedAt({ changes }: CredentialHistory, { at }: Exposure): number | undefined {
  return changes.find((change) => change.at >= at && change.how !== 'restored')?.at
}

function usesAfter(history: CredentialHistory, reports: readonly Exposure[]): (readonly number[])[] {
  return obtained(history)
    .filter(({ at }) => reports.some((one) => at > one.at))
    .map(({ positions }) => positions)
}
