import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeAuthority } from './certificates.js'

const AUTHORITY = 'broker'

/** PEM file of the authority that a broker's certificate is from. */
export function authorityFileOf(folder: string): string {
  return join(folder, `${AUTHORITY}-ca.pem`)
}

/** A certificate for 127.0.0.1 by an authority of its own. Kafka reads key and chain from one file, which this returns. */
export function makeServerFile(folder: string): string {
  const { cert, key } = makeAuthority(folder, AUTHORITY).issue('127.0.0.1')
  const file = join(folder, 'server.pem')
  writeFileSync(file, key + cert)
  return file
}
