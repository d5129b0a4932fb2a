import { deriveIntakeKeys } from '@catena/ingest'

/** Of the installation that all members of a test belong to. */
export const INSTALLATION_KEY = Buffer.alloc(32, 7)
export const SOURCE = 'vault-prod'
const keys = deriveIntakeKeys(INSTALLATION_KEY)

/** A number from 0 up to below 1 each time; the same ones for the same seed. */
export type Chance = () => number

/** Mulberry32: short, and good enough to shuffle with. */
export function chance(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The `number`-th audit record of an imagined Vault, about 300 bytes. */
export function auditLine(number: number): string {
  return JSON.stringify({
    time: new Date(Date.UTC(2026, 2, 1) + number * 10).toISOString(),
    type: 'response',
    auth: { accessor: `hmac-sha256:${'a'.repeat(40)}${number % 977}`, policies: ['default'], token_type: 'service' },
    request: { id: `r-${number}`, operation: 'read', path: `secret/data/app-${number % 101}`, mount_type: 'kv' },
  })
}

/** No record: half of one. */
export function poisonLine(number: number): string {
  return `{"time":"half of ${number}`
}

/** Hex id under which the ledger stores a record. */
export function idOf(line: string): string {
  return keys.recordId(SOURCE, line).toString('hex')
}

export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

export function shuffled<Item>(items: readonly Item[], random: Chance): Item[] {
  const all = [...items]
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    ;[all[at], all[other]] = [all[other]!, all[at]!]
  }
  return all
}
