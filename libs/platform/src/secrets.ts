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
  return { file, read: async () => linesOf(await readFile(file, 'utf8').catch(() => '')) }
}

export function secretsInText(text: string): Secrets {
  return { file: undefined, read: () => Promise.resolve(linesOf(text)) }
}

/** The secret of a file that signs. Throws OutsideFailed. */
export async function readSigningSecret(file: string): Promise<string> {
  const [first] = await secretsInFile(file).read()
  if (first === undefined) throw new OutsideFailed(`${file} is empty or cannot be read`)
  return first
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
