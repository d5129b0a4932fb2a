import type { Instant } from '@catena/domain'

/** `1,234,567` */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** `1 record`, `2 records` */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`
}

/** `2026-03-01 08:00:05.250`, UTC. */
export function dateTime(instant: Instant): string {
  return new Date(Math.floor(instant)).toISOString().replace('T', ' ').slice(0, -1)
}

/** As dateTime, without the date where that is the day of `near`. */
export function timeNear(instant: Instant, near: Instant): string {
  const full = dateTime(instant)
  const [day, time = ''] = full.split(' ')
  return dateTime(near).startsWith(day ?? '') ? time : full
}

const STEPS: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
]

/** `3 d`, `5 min`: the greatest unit only. */
export function roughDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [size, unit] = STEPS.find(([step]) => seconds >= step) ?? [1, 's']
  return `${Math.floor(seconds / size)} ${unit}`
}

/** `1.2 GiB` */
export function bytes(size: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = size < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(size) / 10))
  const value = size / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? 'B'}`
}
