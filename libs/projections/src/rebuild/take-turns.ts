/** Lets one piece of work after another through. */
export type TakeTurns = <T>(work: () => Promise<T>) => Promise<T>

export function takeTurns(): TakeTurns {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}
