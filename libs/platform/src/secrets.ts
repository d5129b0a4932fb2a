import { readFile } from 'node:fs/promises'
import { OutsideFailed } from './ask.js'

/** Secrets by where they are. It prints as its place. */
export interface Secrets {
  /** Undefined: in a variable. */
  readonly file: string | undefined
  /**
   * Those that count at this moment, one a line; a file is read anew each time. While one is exchanged there are two: the first signs what
   * goes out, each is accepted of what comes in. Empty: none is there, or it cannot be read.
   */
  read(): Promise<readonly string[]>
}

export function secretsInFile(file: string): Secrets {
  return { file, read: async () => linesOf(await textOf(file)) }
}

export function secretsInText(text: string): Secrets {
  return { file: undefined, read: () => Promise.resolve(linesOf(text)) }
}

/** The secret of a file that signs. Throws OutsideFailed. */
export async function readSigningSecret(file: string): Promise<string> {
  const [first] = await secretsInFile(file).read()
  return found(file, first)
}

/** All that a file holds: a token, a password, an address. Read anew each time, so that it can be exchanged. Throws OutsideFailed. */
export async function readSecretFile(file: string): Promise<string> {
  return found(file, (await textOf(file)).trim())
}

function found(file: string, secret: string | undefined): string {
  if (secret === undefined || secret === '') throw new OutsideFailed(`${file} is empty or cannot be read`)
  return secret
}

/** Empty where it cannot be read. */
function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
