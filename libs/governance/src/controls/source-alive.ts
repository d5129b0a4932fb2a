import { HOUR_MS, named } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const sourceAlive = control({
  id: 'source-alive',
  version: 1,
  title: 'The logging destination is live',
  question: 'Were the records of its system heard of lately, without a gap?',
  method:
    'Asked of credentials that a source records. Uncontrolled: every source of its system has been silent for longer than its ' +
    'heartbeat, or than silenceHours. Unknown: no source was ever heard, or records were lost in the period. Controlled: one was ' +
    'heard in time, without a gap.',
  requirements: ['R2.7'],
  severity: 'high',
  because: 'a credential whose log is silent can be used unseen',
  parameters: {
    silenceHours: { default: 24, unit: 'hours', meaning: 'longest silence where a source declares no heartbeat' },
  },
  applies: ({ stewardship, sources }) => stewardship.registration === undefined || sources.length > 0,
  test: ({ sources, at }, { silenceHours }) => {
    const heard = sources.filter(({ coverage }) => coverage !== undefined)
    if (heard.length === 0) return unknown('No source records its system.')
    const due = heard.map((source) => ({
      source,
      at:
        (source.coverage?.to ?? 0) +
        (source.heartbeatSeconds === undefined ? silenceHours * HOUR_MS : source.heartbeatSeconds * 1000),
    }))
    const silent = due.filter((each) => each.at <= at)
    if (silent.length === due.length)
      return uncontrolled(`The log of its system is silent: ${named(silent.map(({ source }) => source.id))}.`)
    const gaps = heard.flatMap((source) => source.gaps.filter(({ from }) => from <= at))
    const open = gaps.filter(({ to }) => to > at - silenceHours * HOUR_MS)
    if (open.length > 0)
      return unknown('Records of its system were lost in the period.', {
        validUntil: Math.max(...open.map(({ to }) => to)) + silenceHours * HOUR_MS,
      })
    return controlled('Its system was heard of lately.', { validUntil: Math.max(...due.map((each) => each.at)) })
  },
})
