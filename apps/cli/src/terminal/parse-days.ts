import { InvalidArgumentError } from 'commander'

/** A number of days as people type it. */
export function parseDays(text: string): number {
  const days = Number(text)
  if (!/^\d{1,4}$/.test(text) || days < 1) throw new InvalidArgumentError('It must be a number of days from 1 on.')
  return days
}
