import type { AccessSummary } from '../access-summary/access-summary.js'
import { behind } from '../history/behind.js'
import { knownFrom } from '../history/looks-back.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { differentInDay } from '../history/in-day.js'
import { counted, DAY_MS, named, obtained, obtainedWithin, restingOn } from '../history/questions.js'
import { control, controlled, tooOften, uncontrolled } from './control.js'

export const borrowedIdentity = control({
  id: 'borrowed-identity',
  version: 2,
  title: 'A person’s identity is used by the person',
  question:
    'Did something obtain it again and again by a person’s login, from another place than where the person logged in?',
  method:
    'Asked of credentials that within windowDays were obtained by a person’s login from another address than that of the login. Uncontrolled: more ' +
    'than timesMax times within a day. Unknown: there were too many retrievals to look at each. Controlled: on no day so often.',
  requirements: ['R1.6'],
  severity: 'high',
  because: 'software that works by a person’s login has rights that were given to a person, and hides behind the name',
  parameters: {
    windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' },
    timesMax: {
      default: 10,
      unit: 'count',
      meaning: 'retrievals from elsewhere within a day that a person may still be',
    },
  },
  applies: (history, { windowDays }) =>
    obtainedWithin(history, windowDays).some(isFromElsewhere) || mayBeFromElsewhere(history, windowDays),
  test: (history, { windowDays, timesMax }) => {
    const times = differentInDay(obtained(history).filter(isFromElsewhere), (one) => one)
    const crowded = obtainedWithin(history, windowDays).filter((one) => (times.get(one) ?? 0) > timesMax)
    if (crowded.length === 0 && mayBeFromElsewhere(history, windowDays))
      return tooOften(history, [knownFrom(history) + (windowDays + 1) * DAY_MS + 1])
    if (crowded.length === 0)
      return controlled(`Nobody’s login obtained it from elsewhere more than ${timesMax} times within a day.`)
    const names = [...new Set(crowded.map(({ accessor }) => accessor.name))]
    return uncontrolled(
      `${counted(crowded.length, 'time')} it was obtained by the login of ${named(names)} from another place, and more than ${timesMax} times within a day.`,
      restingOn(crowded, windowDays),
    )
  },
})

function isFromElsewhere({ accessor, caveats }: Pick<AccessSummary, 'accessor' | 'caveats'>): boolean {
  return accessor.kind === 'person' && caveats.includes('custody: address differs')
}

/** Somebody was elsewhere at some time, and not each time of the period, or of the day before it, is known. */
function mayBeFromElsewhere(history: CredentialHistory, windowDays: number): boolean {
  const since = history.at - windowDays * DAY_MS
  return behind(history, since - DAY_MS).some(({ of }) => isFromElsewhere(of) && (of.lastAt ?? 0) >= since)
}
