import { constants, setPriority } from 'node:os'
import { governanceRunner, tellFailure } from './governance.js'
import { inReadingThread } from './reading-thread.js'

await inReadingThread(({ reader, logger, ...source }) => {
  takeWhatIsLeft()
  return governanceRunner(source, reader, tellFailure(logger))
})

/** Records, index and feed go first. Elsewhere than on Linux a priority is that of the whole process. */
function takeWhatIsLeft(): void {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
}
