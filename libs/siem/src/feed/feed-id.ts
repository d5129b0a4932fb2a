import { hash } from 'node:crypto'

/** The id of a thing in the feed, from its name: 32 hex digits, short enough for every receiver's field. */
export function feedId(name: string): string {
  return hash('sha256', `catena feed ${name}`, 'hex').slice(0, 32)
}
