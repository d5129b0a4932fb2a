import { DAY_MS, counted, merged } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const grantEnds = control({
  id: 'grant-ends',
  version: 1,
  title: 'Sharing is temporary',
  question: 'Does each grant have an end within the longest window?',
  method:
    'Asked of credentials with a grant that nobody ended. Uncontrolled: a running grant has no end, or one more than windowDaysMax ' +
    'after its begin. Controlled: each ends within it.',
  requirements: ['R3.2'],
  severity: 'medium',
  because: 'a grant without an end is never looked at again',
  parameters: { windowDaysMax: { default: 90, unit: 'days', meaning: 'longest window of a grant' } },
  applies: ({ sharing }) => sharing.grants.some(({ endedAt }) => endedAt === undefined),
  test: ({ sharing, at }, { windowDaysMax }) => {
    const open = sharing.grants.filter(
      ({ endedAt, until }) => endedAt === undefined && (until === undefined || until > at),
    )
    const endless = open.filter(({ from, until }) => until === undefined || until - from > windowDaysMax * DAY_MS)
    const ends = open.flatMap(({ until }) => until ?? [])
    const validUntil = ends.length === 0 ? {} : { validUntil: Math.min(...ends) }
    if (endless.length > 0)
      return uncontrolled(
        `${counted(endless.length, 'grant has', 'grants have')} no end within ${windowDaysMax} days.`,
        {
          witnesses: merged(endless.map(({ positions }) => positions)),
          ...validUntil,
        },
      )
    return controlled('Each grant has an end.', validUntil)
  },
})
