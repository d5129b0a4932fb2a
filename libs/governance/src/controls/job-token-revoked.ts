import { endingFrom } from '../history/live-changes.js'
import { HOUR_MS, merged, named, obtained } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'
import { PERHAPS_ENDED } from './perhaps-ended.js'

export const jobTokenRevoked = control({
  id: 'job-token-revoked',
  version: 3,
  title: 'A job’s token ends with the job',
  question: 'Was the token ended when its scheduled job was disabled?',
  method:
    'Asked once the job that a token is tied to is disabled. Uncontrolled: records show no change of the secret within endHours after ' +
    'that, or it was obtained meanwhile. Unknown: versions were deleted since, and whether the one in use was among them is not recorded. Controlled: it ' +
    'ended, or the time still runs.',
  requirements: ['R3.9'],
  severity: 'medium',
  because: 'a token of a job that no longer runs is used by nobody who should',
  parameters: { endHours: { default: 24, unit: 'hours', meaning: 'time from the job’s end to the token’s' } },
  applies: ({ sharing, at }) => sharing.jobs.some(({ disabledAt }) => disabledAt !== undefined && disabledAt <= at),
  test: (history, { endHours }) => {
    const disabled = history.sharing.jobs.flatMap(({ disabledAt, ...job }) =>
      disabledAt === undefined || disabledAt > history.at ? [] : [{ ...job, disabledAt }],
    )
    const open = disabled.filter(({ disabledAt }) => endingFrom(history, disabledAt).sure === undefined)
    const isDue = ({ disabledAt }: (typeof open)[number]): boolean =>
      history.at >= disabledAt + endHours * HOUR_MS || obtained(history).some(({ at }) => at > disabledAt)
    const isUnclear = ({ disabledAt }: (typeof open)[number]): boolean =>
      endingFrom(history, disabledAt).perhaps !== undefined
    const overdue = open.filter((job) => isDue(job) && !isUnclear(job))
    if (overdue.length > 0)
      return uncontrolled(
        `The job was disabled and its token was not ended: ${named(overdue.map(({ job }) => job))}.`,
        {
          witnesses: merged([
            ...overdue.map(({ positions }) => positions),
            ...obtained(history).flatMap(({ at, positions }) =>
              overdue.some(({ disabledAt }) => at > disabledAt) ? [positions] : [],
            ),
          ]),
        },
      )
    const due = open.filter((job) => !isDue(job)).map(({ disabledAt }) => disabledAt + endHours * HOUR_MS)
    const unclear = open.filter((job) => isDue(job))
    if (unclear.length > 0)
      return unknown(`The job was disabled (${named(unclear.map(({ job }) => job))}), and since ${PERHAPS_ENDED}.`, {
        witnesses: merged(unclear.map(({ positions }) => positions)),
        ...(due.length === 0 ? {} : { validUntil: Math.min(...due) }),
      })
    return controlled(
      'Tokens of disabled jobs ended, or are not due yet.',
      due.length === 0 ? {} : { validUntil: Math.min(...due) },
    )
  },
})
