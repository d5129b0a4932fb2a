import { randomBytes, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 43 characters of 62 hold 256 bits. */
const SECRET_LENGTH = 43
const CHECK_LENGTH = 6

/** How an API token looks, for those who search for leaked ones: `catena_`, its id, a secret and a checksum. */
export const TOKEN_PATTERN = /^catena_([0-9a-f]{20})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/

export interface TokenText {
  /** Public: names the token in lists and in the ledger. */
  readonly id: string
  readonly secret: string
}

/** A new token. `text` is shown once and stored nowhere. */
export function makeToken(): TokenText & { readonly text: string } {
  const id = randomBytes(10).toString('hex')
  const secret = Array.from({ length: SECRET_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return { id, secret, text: writeToken({ id, secret }) }
}

export function writeToken({ id, secret }: TokenText): string {
  return `catena_${id}_${secret}${checkOf(`${id}_${secret}`)}`
}

/** Undefined: not written here, or mistyped. Says nothing about whether it is valid. */
export function readToken(text: string): TokenText | undefined {
  const [, id = '', secret = '', check = ''] = TOKEN_PATTERN.exec(text) ?? []
  return id !== '' && checkOf(`${id}_${secret}`) === check ? { id, secret } : undefined
}

/** CRC-32, so that a scanner can tell a token from a text that looks like one without asking anybody. */
function checkOf(text: string): string {
  let [value, digits] = [crc32(text), '']
  while (digits.length < CHECK_LENGTH) {
    digits = (ALPHABET[value % ALPHABET.length] ?? '') + digits
    value = Math.floor(value / ALPHABET.length)
  }
  return digits
}
