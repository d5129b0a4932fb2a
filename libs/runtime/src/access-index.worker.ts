import { parentPort, workerData } from 'node:worker_threads'
import { connectorFor } from '@catena/connectors'
import type { SourceInstance } from '@catena/domain'
import { PostgresLedger } from '@catena/ledger'
import type { FromThread, ToThread } from './access-index-thread.js'
import { accessIndexRunner } from './access.js'

const { databaseUrl, sources } = workerData as { databaseUrl: string; sources: readonly SourceInstance[] }
const ledger = new PostgresLedger({ databaseUrl })
const runner = accessIndexRunner({ databaseUrl, ledger, interpretation: { sources, connectorFor } }, (error) =>
  tell({ told: 'fault', message: error instanceof Error ? error.message : String(error) }),
)

function tell(message: FromThread): void {
  parentPort?.postMessage(message)
}

async function answer(message: ToThread): Promise<void> {
  if (message.ask === 'caughtUp') {
    await runner.caughtUp(message.position)
    tell({ told: 'caughtUp', position: message.position })
    return
  }
  await runner.stop()
  await ledger.close()
  parentPort?.close()
}

parentPort?.on('message', (message: ToThread) => void answer(message))
runner.start()
