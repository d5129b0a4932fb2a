import { counted, HOUR_MS, merged } from '../history/questions.js'
import type { BreakGlass } from '../history/sharing-record.js'
import { control, controlled, uncontrolled, unknown } from './control.js'
import { PERHAPS_ENDED } from './perhaps-ended.js'

export const breakGlassClosed = control({
  id: 'break-glass-closed',
  version: 2,
  title: 'Break-glass is planned, closed, rotated and reviewed',
  question: 'Was each activation planned beforehand, and closed, rotated and reviewed in time?',
  method:
    'Asked of credentials that were taken in an emergency. Uncontrolled: an activation had no plan recorded before it, was not closed ' +
    'or not reviewed by its deadline, or the secret was not changed within rotationHours after the close; a change counts when ' +
    'records show it. Unknown: versions were deleted in that time, and whether the one in use was among them is not recorded. Controlled: every ' +
    'step is done, or not due yet.',
  requirements: ['R3.4'],
  severity: 'critical',
  because: 'emergency access that stays open is the widest access there is',
  parameters: { rotationHours: { default: 24, unit: 'hours', meaning: 'time from the close to the rotation' } },
  applies: ({ sharing }) => sharing.breakGlass.length > 0,
  test: ({ sharing, at }, { rotationHours }) => {
    const failed = sharing.breakGlass.flatMap((one) => {
      const step = skippedStep(one, at, rotationHours * HOUR_MS)
      return step === undefined ? [] : [{ one, step }]
    })
    const due = sharing.breakGlass.flatMap((one) => dueTimes(one, rotationHours * HOUR_MS)).filter((time) => time > at)
    const validUntil = due.length === 0 ? {} : { validUntil: Math.min(...due) }
    const [first] = failed
    if (first !== undefined) {
      const reason = `${counted(failed.length, 'activation')} of break-glass skipped a step: ${first.step}.`
      return uncontrolled(reason, { witnesses: merged(failed.map(({ one }) => one.positions)), ...validUntil })
    }
    const unclear = sharing.breakGlass.filter((one) => isRotationUnclear(one, at, rotationHours * HOUR_MS))
    if (unclear.length > 0)
      return unknown(`After ${counted(unclear.length, 'activation')} of break-glass ${PERHAPS_ENDED}.`, {
        witnesses: merged(unclear.map(({ positions }) => positions)),
        ...validUntil,
      })
    return controlled('Each activation was planned, and its steps are done or not due yet.', validUntil)
  },
})

function skippedStep(one: BreakGlass, at: number, rotationMs: number): string | undefined {
  if (one.plannedAt === undefined || one.plannedAt > one.activatedAt) return 'no plan was recorded before it'
  if (one.closedAt === undefined ? at >= one.closeDueAt : one.closedAt > one.closeDueAt)
    return 'it was not closed in time'
  if (isRotationLate(one, one.rotatedAt, at, rotationMs) && !isRotationUnclear(one, at, rotationMs))
    return 'the credential was not rotated in time'
  return isLate(one.reviewedAt, one.reviewDueAt, at) ? 'it was not reviewed in time' : undefined
}

function isRotationLate(
  { closedAt }: BreakGlass,
  rotatedAt: number | undefined,
  at: number,
  rotationMs: number,
): boolean {
  return closedAt !== undefined && isLate(rotatedAt, closedAt + rotationMs, at)
}

/** Late by what records show for certain, and in time by what they leave open. */
function isRotationUnclear(one: BreakGlass, at: number, rotationMs: number): boolean {
  return (
    one.perhapsRotatedAt !== undefined &&
    isRotationLate(one, one.rotatedAt, at, rotationMs) &&
    !isRotationLate(one, one.perhapsRotatedAt, at, rotationMs)
  )
}

function isLate(doneAt: number | undefined, dueAt: number, at: number): boolean {
  return doneAt === undefined ? at >= dueAt : doneAt > dueAt
}

function dueTimes({ closeDueAt, closedAt, reviewDueAt }: BreakGlass, rotationMs: number): number[] {
  return [closeDueAt, reviewDueAt, ...(closedAt === undefined ? [] : [closedAt + rotationMs])]
}
