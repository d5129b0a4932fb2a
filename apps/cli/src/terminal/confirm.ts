import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { CliContext } from '../context.js'

/** Asks on the error stream, which stays apart from what scripts read. Anything but the word is a no. */
export async function confirm(
  { stderr, stdin }: Pick<CliContext, 'stderr' | 'stdin'>,
  question: string,
  word: string,
): Promise<boolean> {
  stderr.write(`${question} Type ${word} to go on: `)
  for await (const line of createInterface({ input: Readable.from(stdin) })) return line.trim() === word
  return false
}
