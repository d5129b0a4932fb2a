import { counted, DAY_MS, isDynamic, merged, obtained } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const issuanceLimited = control({
  id: 'issuance-limited',
  version: 2,
  title: 'What is issued ends',
  question: 'Did every lease that was issued end in time, and was every token that was made for it limited in time?',
  method:
    'Asked of credentials that are issued anew for each use, or obtained by a token that somebody made for whoever would hold it. Uncontrolled: a ' +
    'lease is older than leaseDaysMax and records show no end of it, or none that is certain; or such a token has no end, or was used after ' +
    'leaseDaysMax. Controlled: each ended, or is younger.',
  requirements: ['R3.2'],
  severity: 'medium',
  because: 'a lease of which no end is seen, or a token without an end, may be valid for ever',
  parameters: {
    leaseDaysMax: {
      default: 7,
      unit: 'days',
      meaning: 'after so long a lease or a token that was made must have ended',
    },
  },
  applies: (history) =>
    (isDynamic(history) === true && obtained(history).length > 0) ||
    obtained(history).some(({ token }) => token !== undefined),
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
    const standing = obtained(history).filter(
      ({ token, at }) => token !== undefined && (token.endless === true || at - token.madeAt > limit),
    )
    if (standing.length > 0)
      return uncontrolled(
        `${counted(standing.length, 'time')} it was obtained by a token that was made without an end, or more than ${leaseDaysMax} days before.`,
        { witnesses: merged(standing.flatMap(({ positions, token }) => [positions, token?.positions ?? []])) },
      )
    const next = open.map(({ at }) => at + limit + 1)
    return controlled(
      'Every lease and every token that was made ended, or is not due yet.',
      next.length === 0 ? {} : { validUntil: Math.min(...next) },
    )
  },
})
