import type { Activity, Instant } from '@catena/domain'

/** When the thing these facts establish began. */
export function startOf(establishers: readonly Activity[]): Instant | undefined {
  return least(establishers.map((fact) => numberOf(fact, 'startsAt') ?? fact.occurredAt))
}

/** Latest moment at which the end may have been: the stamp with its resolution. */
export function endOf(enders: readonly Activity[]): Instant | undefined {
  return least(enders.map((fact) => (numberOf(fact, 'endsAt') ?? fact.occurredAt) + fact.resolutionMs))
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
