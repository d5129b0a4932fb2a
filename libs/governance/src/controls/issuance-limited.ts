import { addTo, type AccessSummary } from '../access-summary/access-summary.js'
import { behind } from '../history/behind.js'
import { knownFrom } from '../history/looks-back.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { counted, DAY_MS, isDynamic, merged, obtained } from '../history/questions.js'
import type { Retrieval } from '../history/retrieval.js'
import { control, controlled, tooOften, uncontrolled } from './control.js'

export const issuanceLimited = control({
  id: 'issuance-limited',
  version: 3,
  title: 'What is issued ends',
  question: 'Did every lease that was issued end in time, and was every token that was made for it limited in time?',
  method:
    'Asked of credentials that are issued anew for each use, or obtained by a token that somebody made for whoever would hold it. Uncontrolled: a ' +
    'lease is older than leaseDaysMax and records show no end of it, or none that is certain; or such a token has no end, or was used after ' +
    'leaseDaysMax. Unknown: there are too many to look at each, and not all of them ended. Controlled: each ended, or is younger.',
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
    (isDynamic(history) === true && isEverObtained(history)) ||
    obtained(history).some(({ token }) => token !== undefined) ||
    history.accessors.some(({ byHandedToken }) => byHandedToken > 0),
  test: (history, { leaseDaysMax }) => {
    const leases = obtained(history).filter(({ kind }) => kind === 'lease-issued')
    const limit = leaseDaysMax * DAY_MS
    const open = leases.filter(isOpen)
    const overdue = open.filter(({ at }) => history.at - at > limit)
    const unseen = leasesBehind(history)
    const overdueBehind = unseen.filter(({ certain }) => certain > 0 && history.at - knownFrom(history) > limit)
    if (overdue.length + overdueBehind.length > 0)
      return uncontrolled(
        `No end is seen of ${counted(
          overdueBehind.reduce((sum, { certain }) => sum + certain, overdue.length),
          'lease',
        )} issued more than ${leaseDaysMax} days ago.`,
        {
          witnesses: merged(
            [...overdue, ...overdueBehind.map(({ of }) => of.newest)].map(({ positions }) => positions),
          ),
        },
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
    const perhaps = unseen
      .filter(({ possible }) => possible > 0)
      .map(({ of }) => (of.firstAt ?? history.at) + limit + 1)
    if (perhaps.some((due) => due <= history.at) || unseen.some(({ tokens }) => tokens > 0))
      return tooOften(history, [...next, ...perhaps, knownFrom(history) + limit + 1])
    const due = [...next, ...perhaps]
    return controlled(
      'Every lease and every token that was made ended, or is not due yet.',
      due.length === 0 ? {} : { validUntil: Math.min(...due) },
    )
  },
})

function isEverObtained(history: CredentialHistory): boolean {
  return history.accessors.some(({ lastAt }) => lastAt !== undefined) || obtained(history).length > 0
}

/** No end is seen of it, or none that is certain. */
function isOpen({ end }: Retrieval): boolean {
  return end.at === undefined || end.state === 'ambiguous'
}

/** Of one accessor, among what is not known one by one: how many are open, for certain leases and perhaps, and how many rest on a token that was made. */
interface LeasesBehind {
  readonly of: AccessSummary
  readonly certain: number
  readonly possible: number
  readonly tokens: number
}

/** What the sums know and nothing that is held one by one. Half a record may be held that no sum counts. */
function leasesBehind(history: CredentialHistory): LeasesBehind[] {
  const byAccessor = new Map<string, Retrieval[]>()
  for (const one of obtained(history)) addTo(byAccessor, one.accessor.id, one)
  return behind(history, -Infinity).map(({ of }) => {
    const held = byAccessor.get(of.accessor.id) ?? []
    const whole = held.filter(({ outcome }) => outcome === 'succeeded')
    const open = of.kinds.includes('lease-issued') ? of.open + of.perhapsEnded : 0
    return {
      of,
      certain: of.kinds.length === 1 ? open - held.filter(isOpen).length : 0,
      possible: open - whole.filter(isOpen).length,
      tokens: of.byHandedToken - whole.filter(({ token }) => token !== undefined).length,
    }
  })
}
