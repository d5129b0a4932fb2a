import type { Ledger } from '@catena/ledger'
import type { AccessReader, ProjectionRunner } from '@catena/projections'

/** A projector that runs elsewhere is taken to be alive if it moves within this time. */
const STILL_MS = 1_500
const POLL_MS = 100

/** Waits for a projector elsewhere, for as long as it moves. False: it is not at the head of the ledger and stands still. */
export async function awaitProjector(reader: AccessReader, ledger: Ledger): Promise<boolean> {
  const head = await ledger.head()
  let reached = await reader.projectedPosition()
  for (let stillMs = 0; reached < head && stillMs < STILL_MS; stillMs += POLL_MS) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    const now = await reader.projectedPosition()
    if (now > reached) stillMs = 0
    reached = now
  }
  return reached >= head
}

/** Projects up to the head of the ledger here. Only where nobody else does: a projector of another configuration would start anew. */
export async function projectHere(
  ledger: Ledger,
  runnerFor: (onError: (error: unknown) => void) => ProjectionRunner,
): Promise<void> {
  const head = await ledger.head()
  await new Promise<void>((resolve, reject) => {
    const fail = (error: unknown): void => {
      void runner.stop()
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    const runner = runnerFor(fail)
    runner.start()
    void runner
      .caughtUp(head)
      .then(() => runner.stop())
      .then(resolve, fail)
  })
}
