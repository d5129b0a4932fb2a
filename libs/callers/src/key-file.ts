import { readFileSync, statSync } from 'node:fs'
import { ConfigurationError } from '@catena/platform'
import { deriveCallerKeys, type CallerKeys } from './keys.js'

/** How often the file is looked at, ms: an exchanged key counts so soon. */
const LOOK_MS = 5_000
const KEY_BYTES_MIN = 32
/** Stands in the file for the key that counts where there is no file: the installation's. */
const INSTALLATION = 'installation'

/** Keys that a file names and that can be exchanged while the process runs. */
export interface KeyFile extends CallerKeys {
  /** Looks at the file now. A file that cannot be used leaves the keys as they are, and is told of. */
  look(): void
  stop(): void
}

/**
 * The keys of a file: one a line, as hex of 32 bytes or more (`openssl rand -hex 32`), or the word `installation`. The first makes, all are
 * accepted. Throws ConfigurationError where it cannot be used at the start; later what is wrong goes to `onProblem`.
 */
export function openKeyFile(
  file: string,
  installationKey: Buffer,
  onProblem: (problem: ConfigurationError) => void,
): KeyFile {
  let age = ageOf(file)
  let keys = readKeys(file, installationKey)
  const look = (): void => {
    const now = ageOf(file)
    if (now === age) return
    age = now
    try {
      keys = readKeys(file, installationKey)
    } catch (error) {
      onProblem(error as ConfigurationError)
    }
  }
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return {
    tokenHash: (secret) => keys.tokenHash(secret),
    isTokenHash: (secret, hash) => keys.isTokenHash(secret, hash),
    sessionHash: (secret) => keys.sessionHash(secret),
    sessionHashes: (secret) => keys.sessionHashes(secret),
    seal: (caller, text) => keys.seal(caller, text),
    isSeal: (caller, text, seal) => keys.isSeal(caller, text, seal),
    look,
    stop: () => clearInterval(timer),
  }
}

function readKeys(file: string, installationKey: Buffer): CallerKeys {
  const lines = (textOf(file) ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')) // prettier-ignore
  const keys = lines.map((line) => (line === INSTALLATION ? installationKey : Buffer.from(line, 'hex')))
  const problems = lines.flatMap((line, index) => (line === INSTALLATION || isKey(line) ? [] : [`key ${index + 1} of ${file} is no hex of ${KEY_BYTES_MIN} bytes or more: make one by \`openssl rand -hex 32\``])) // prettier-ignore
  const [first, ...older] = keys
  if (first === undefined) problems.push(`${file} holds no key or cannot be read: make one by \`openssl rand -hex 32\``)
  if (problems.length > 0 || first === undefined) throw new ConfigurationError('access.keys_file', problems)
  return deriveCallerKeys(first, ...older)
}

function isKey(line: string): boolean {
  return /^([0-9a-f]{2})+$/i.test(line) && line.length >= KEY_BYTES_MIN * 2
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function ageOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  return `${found?.mtimeMs ?? 0} ${found?.size ?? 0} ${found?.ino ?? 0}`
}
