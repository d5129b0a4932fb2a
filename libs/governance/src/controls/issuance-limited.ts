import { counted, DAY_MS, isDynamic, merged, obtained } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const issuanceLimited = control({
  id: 'issuance-limited',
  version: 1,
  title: 'What is issued ends',
  question: 'Did every lease that was issued end in time?',
  method:
    'Asked of credentials that are issued anew for each use. Uncontrolled: a lease is older than leaseDaysMax and records show no end ' +
    'of it, or none that is certain. Controlled: each ended, or is younger.',
  requirements: ['R3.2'],
  severity: 'medium',
  because: 'a lease of which no end is seen may still be valid',
  parameters: { leaseDaysMax: { default: 7, unit: 'days', meaning: 'after so long a lease must have ended' } },
  applies: (history) => isDynamic(history) === true && obtained(history).length > 0,
  test: (history, { leaseDaysMax }) => {
    const leases = obtained(history).filter(({ kind }) => kind === 'lease-issued')
    const limit = leaseDaysMax * DAY_MS
    const open = leases.filter(({ end }) => end.at === undefined || end.state === 'ambiguous')
    const overdue = open.filter(({ at }) => history.at - at > limit)
    if (overdue.length > 0)
      return uncontrolled(
        `No end is seen of ${counted(overdue.length, 'lease')} issued more than ${leaseDaysMax} days ago.`,
        { witnesses: merged(overdue.map(({ positions }) => positions)) },
      )
    const next = open.map(({ at }) => at + limit + 1)
    return controlled(
      'Every lease ended, or is not due yet.',
      next.length === 0 ? {} : { validUntil: Math.min(...next) },
    )
  },
})
