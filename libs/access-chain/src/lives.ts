import type { Activity, Instant, Verb } from '@catena/domain'

/** The moment a fact's verb speaks of: a completion names the start of its run, an end is as late as its stamp allows. */
export function effectiveTime(fact: Activity, verb: Verb): Instant {
  if (verb === 'establishes' || verb === 'binds') return numberOf(fact, 'startsAt') ?? fact.occurredAt
  if (verb === 'ends') return (numberOf(fact, 'endsAt') ?? fact.occurredAt) + fact.resolutionMs
  return fact.occurredAt
}

/** When the thing these facts establish began. */
export function startOf(establishers: readonly Activity[]): Instant | undefined {
  return least(establishers.map((fact) => effectiveTime(fact, 'establishes')))
}

/** Latest moment at which the end may have been: the stamp with its resolution. */
export function endOf(enders: readonly Activity[]): Instant | undefined {
  return least(enders.map((fact) => effectiveTime(fact, 'ends')))
}

export function numberOf(fact: Activity, attribute: string): number | undefined {
  const value = fact.attributes[attribute]
  return typeof value === 'number' ? value : undefined
}

export function textOf(fact: Activity, attribute: string): string | undefined {
  const value = fact.attributes[attribute]
  return typeof value === 'string' ? value : undefined
}

export function textsOf(fact: Activity, attribute: string): string[] {
  const value = fact.attributes[attribute]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function least(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => Math.min(a, b), Infinity)
}

/** A login on the strength of another system's session or run. */
export function isFederated(fact: Activity): boolean {
  return fact.attributes.origin === 'federated'
}
