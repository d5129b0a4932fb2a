import { differentInDay } from '../history/in-day.js'
import { counted, named, obtained, obtainedWithin, restingOn } from '../history/questions.js'
import type { Retrieval } from '../history/retrieval.js'
import { control, controlled, uncontrolled } from './control.js'

export const borrowedIdentity = control({
  id: 'borrowed-identity',
  version: 1,
  title: 'A person’s identity is used by the person',
  question:
    'Did something obtain it again and again by a person’s login, from another place than where the person logged in?',
  method:
    'Asked of credentials that within windowDays were obtained by a person’s login from another address than that of the login. Uncontrolled: more ' +
    'than timesMax times within a day. Controlled: on no day so often.',
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
  applies: (history, { windowDays }) => obtainedWithin(history, windowDays).some(isFromElsewhere),
  test: (history, { windowDays, timesMax }) => {
    const times = differentInDay(obtained(history).filter(isFromElsewhere), (one) => one)
    const crowded = obtainedWithin(history, windowDays).filter((one) => (times.get(one) ?? 0) > timesMax)
    if (crowded.length === 0)
      return controlled(`Nobody’s login obtained it from elsewhere more than ${timesMax} times within a day.`)
    const names = [...new Set(crowded.map(({ accessor }) => accessor.name))]
    return uncontrolled(
      `${counted(crowded.length, 'time')} it was obtained by the login of ${named(names)} from another place, and more than ${timesMax} times within a day.`,
      restingOn(crowded, windowDays),
    )
  },
})

function isFromElsewhere({ accessor, caveats }: Retrieval): boolean {
  return accessor.kind === 'person' && caveats.includes('custody: address differs')
}
