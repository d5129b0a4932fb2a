import { statSync } from 'node:fs'

export interface FileWatch {
  /** Looks at the files now. */
  look(): void
  stop(): void
}

/**
 * Takes what files hold: now, which throws what `take` throws, and again once they are others. What cannot be taken then is told once and
 * tried again at each look; whoever takes goes on with what it had.
 */
export function watchFiles(
  files: readonly string[],
  everyMs: number,
  take: () => void,
  onProblem: (error: unknown) => void = () => undefined,
): FileWatch {
  // Before they are read, so that no exchange falls between.
  let [known, isTaken] = [ageOf(files), true]
  take()
  const look = (): void => {
    const age = ageOf(files)
    const isNews = age !== known
    if (!isNews && isTaken) return
    known = age
    try {
      take()
      isTaken = true
    } catch (error) {
      isTaken = false
      if (isNews) onProblem(error)
    }
  }
  const timer = setInterval(look, everyMs)
  timer.unref()
  return { look, stop: () => clearInterval(timer) }
}

/** Differs once a file is changed, replaced, gone or back. */
function ageOf(files: readonly string[]): string {
  const ages = files.map((file) => {
    const found = statSync(file, { throwIfNoEntry: false })
    return `${found?.mtimeMs ?? 0} ${found?.size ?? 0} ${found?.ino ?? 0}`
  })
  return ages.join(' ')
}
