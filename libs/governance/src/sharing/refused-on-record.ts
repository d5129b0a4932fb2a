import { refusal, type DecisionEvent, type Refusal } from '@catena/domain'

/** What an event that stands on record for a refusal says to who tried. */
export function refusedOnRecord(events: readonly DecisionEvent[], status: string | undefined): Refusal | undefined {
  for (const { type, data } of events) {
    if (type === 'DecisionCameTooLate')
      return refusal('TOO_LATE', `somebody else decided first, and it is ${status ?? 'closed'}; yours is on record`)
    if (type === 'RevocationCameTooEarly')
      return refusal('NOT_GRANTED', 'nothing is granted yet: deny the request instead; that you wanted it revoked is on record')
    if (type === 'ApprovalRefused') return refusal(data.code as string, data.why as string)
  }
  return undefined
} // prettier-ignore
