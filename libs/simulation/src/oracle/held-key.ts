import type { Chance } from '../engine/chance.js'
import type { CloudKey } from '../records/aws.js'
import { NOBODY, same } from './aspect.js'
import type { Behind } from './behind.js'

/** An access key in somebody's hands. */
export interface HeldKey {
  readonly key: CloudKey
  readonly behind: Behind
  readonly address: string
}

/** A key that lasts: its walk ends at the user it belongs to. */
export function lastingKey(chance: Chance, name: string, address: string): HeldKey {
  const id = `AKIA${chance.hex(2).toUpperCase()}`
  const key = { id, user: { name, uniqueId: `AIDA${chance.hex(2).toUpperCase()}` } }
  const behind = { hop: 'aws lasting key', path: same('proven'), actor: NOBODY, at: 0, address, candidates: [] }
  return { key, behind, address }
}
