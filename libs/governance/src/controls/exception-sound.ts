import { counted, merged } from '../history/questions.js'
import type { SharingException } from '../history/sharing-record.js'
import { control, controlled, uncontrolled } from './control.js'

export const exceptionSound = control({
  id: 'exception-sound',
  version: 1,
  title: 'Exceptions are bounded and compensated',
  question: 'Does each exception have an expiry, a documented blast radius and compensating controls that are alive?',
  method:
    'Asked while an exception runs. Uncontrolled: one has no blast radius, no compensating control, or one whose compensating control ' +
    'was not heard in its time. Controlled: none of these.',
  requirements: ['R3.7'],
  severity: 'high',
  because: 'an exception whose compensation is silent excuses a risk that nobody limits',
  parameters: {},
  applies: ({ sharing, at }) => sharing.exceptions.some(({ from, until }) => from <= at && at < until),
  test: ({ sharing, at }) => {
    const running = sharing.exceptions.filter(({ from, until }) => from <= at && at < until)
    const witnesses = merged(running.map(({ positions }) => positions))
    const faults = running.flatMap((one) => faultOf(one, at) ?? [])
    const due = running.flatMap(({ until, compensations }) => [
      until,
      ...compensations.map(({ lastHeardAt = -Infinity, heartbeatMs }) => lastHeardAt + heartbeatMs),
    ])
    const later = due.filter((time) => time > at)
    const validUntil = later.length === 0 ? {} : { validUntil: Math.min(...later) }
    const [first] = faults
    if (first !== undefined)
      return uncontrolled(`${counted(faults.length, 'exception does', 'exceptions do')} not hold: ${first}.`, {
        witnesses,
        ...validUntil,
      })
    return controlled('Each exception is bounded, and what compensates for it is alive.', { witnesses, ...validUntil })
  },
})

function faultOf({ blastRadius, compensations }: SharingException, at: number): string | undefined {
  if (blastRadius === undefined || blastRadius.trim() === '') return 'no blast radius is documented'
  if (compensations.length === 0) return 'nothing compensates for it'
  const silent = compensations.find(
    ({ lastHeardAt, heartbeatMs }) => lastHeardAt === undefined || at >= lastHeardAt + heartbeatMs,
  )
  return silent === undefined ? undefined : `${silent.name} is silent`
}
