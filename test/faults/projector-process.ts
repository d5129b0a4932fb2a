import { connectorFor } from '@catena/connectors'
import { PostgresLedger } from '@catena/ledger'
import { accessIndexRunner, rebuildAccessIndex } from '@catena/runtime'
import type { Work } from './start-projector.js'

/** A process of its own that keeps the access index up, or rebuilds it, and says on its output where it stands. */
const { databaseUrl, ownerUrl, sources, rebuilds } = JSON.parse(process.argv[2] ?? '') as Work
const ledger = new PostgresLedger({ databaseUrl })
const instance = { databaseUrl, ownerUrl, ledger, interpretation: { sources, connectorFor } }
const say = (word: string): unknown => process.stdout.write(`${word}\n`)

if (rebuilds) {
  await rebuildAccessIndex(instance, {
    sizes: { lanes: 2, batchEvents: 200, rangePositions: 1_000 },
    onProgress: ({ phase }) => say(phase),
  })
  say('switched')
  await ledger.close()
} else {
  const runner = accessIndexRunner(instance, (error) =>
    say(`error ${error instanceof Error ? error.message : String(error)}`),
  )
  runner.start()
  setInterval(() => say(runner.state.status), 50)
}
