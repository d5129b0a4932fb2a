import { readFileSync } from 'node:fs'
import { ConfigurationError, watchFiles, type FileWatch } from '@catena/platform'
import { deriveCallerKeys, type CallerKeys } from './keys.js'

/** How often the file is looked at, ms: an exchanged key counts so soon. */
const LOOK_MS = 5_000
const KEY_BYTES_MIN = 32
/** Stands in the file for the key that counts where there is no file: the installation's. */
const INSTALLATION = 'installation'

/** Keys that a file names and that can be exchanged while the process runs. A file that cannot be used leaves them as they are, and is told of. */
export type KeyFile = CallerKeys & FileWatch

/**
 * The keys of a file: one a line, as hex of 32 bytes or more (`openssl rand -hex 32`), or the word `installation`. The first makes, all are
 * accepted. Throws ConfigurationError where it cannot be used at the start; later what is wrong goes to `onProblem`.
 */
export function openKeyFile(
  file: string,
  installationKey: Buffer,
  onProblem: (problem: ConfigurationError) => void,
): KeyFile {
  let keys: CallerKeys
  const take = (): void => {
    keys = readKeys(file, installationKey)
  }
  const watch = watchFiles([file], LOOK_MS, take, (error) => onProblem(error as ConfigurationError))
  return {
    tokenHash: (secret) => keys.tokenHash(secret),
    isTokenHash: (secret, hash) => keys.isTokenHash(secret, hash),
    sessionHash: (secret) => keys.sessionHash(secret),
    sessionHashes: (secret) => keys.sessionHashes(secret),
    seal: (caller, text) => keys.seal(caller, text),
    isSeal: (caller, text, seal) => keys.isSeal(caller, text, seal),
    ...watch,
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
