import { hash } from 'node:crypto'
import type { Target } from '@catena/domain'

/** 128 bits of SHA-256 as 32 hex digits: a uuid in PostgreSQL. */
export type Uuid = string

export function uuidOf(text: string): Uuid {
  return hash('sha256', text, 'hex').slice(0, 32)
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}

/** As the database writes it. */
export function dashed(uuid: Uuid): string {
  return uuid.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** As it is written everywhere else. */
export function undashed(uuid: string): Uuid {
  return uuid.replaceAll('-', '')
}

const sourceNumbers = new Map<string, number>()

/** 32 bits of a source instance's id: narrows an index, decides nothing. */
export function sourceNumber(source: string): number {
  let number = sourceNumbers.get(source)
  if (number === undefined) {
    number = hash('sha256', source, 'buffer').readInt32BE()
    sourceNumbers.set(source, number)
  }
  return number
}

/** A credential is a slot: system, container (mount accessor, resource id) and path. */
export function credentialOf(target: Target): Uuid | undefined {
  return target.container === undefined
    ? undefined
    : uuidOf(`${target.system}\u0000${target.container}\u0000${target.path}`)
}

/** The same by the container's name at the time: a denied request may name nothing else. */
export function namedCredentialOf(target: Target): Uuid {
  return uuidOf(`${target.system}\u0000name\u0000${target.containerName ?? ''}\u0000${target.path}`)
}
