import type { Writable } from 'node:stream'
import { EXIT } from './exit-codes.js'
import { whyUnwritten } from './write-output.js'

interface Process {
  readonly stdout: Writable
  readonly stderr: Writable
  exitCode?: number | string | null | undefined
  once(event: 'exit', listener: () => void): unknown
}

/**
 * An output that takes no more ends no command in the midst of its work: what it opened is closed as ever. A reader that has gone (`| head`) has what
 * it wanted; where anything else keeps the output from being written, that is told in one line, and the exit code is 1.
 */
export function watchOutput(process: Process): void {
  let isTold = false
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || isTold) return
    isTold = true
    process.stderr.write(
      `catena: the output is not whole: it cannot be written (${whyUnwritten(error) ?? error.message}); what the command did is done all the same, so look before you run it again\n`,
    )
    process.once('exit', () => (process.exitCode = EXIT.failed))
  })
}
