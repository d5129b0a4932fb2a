export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const TWO = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))
const THREE = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'))

let day = { at: NaN, text: '' }

/** With milliseconds, as Vault and Kubernetes write it. */
export function stamp(at: number): string {
  return `${wholeSeconds(at)}.${THREE[Math.floor(at) % SECOND] ?? ''}Z`
}

/** In whole seconds, as GitHub and AWS write it. */
export function seconds(at: number): string {
  return `${wholeSeconds(at)}Z`
}

/** The text of a day is made once: stamps are half of what a simulation writes. */
function wholeSeconds(at: number): string {
  const start = midnight(at)
  if (start !== day.at) day = { at: start, text: new Date(start).toISOString().slice(0, 11) }
  const rest = Math.floor((at - start) / SECOND)
  return `${day.text}${TWO[Math.floor(rest / 3600)] ?? ''}:${TWO[Math.floor(rest / 60) % 60] ?? ''}:${TWO[rest % 60] ?? ''}`
}

/** Monday to Friday. */
export function isWorkday(at: number): boolean {
  const day = new Date(at).getUTCDay()
  return day > 0 && day < 6
}

export function midnight(at: number): number {
  return Math.floor(at / DAY) * DAY
}
