import { constants, setPriority } from 'node:os'
import { connectorFor } from '@catena/connectors'
import { PostgresLedger } from '@catena/ledger'
import { createLogger, inThread } from '@catena/platform'
import { openReader } from './access.js'
import { governanceRunner, tellFailure, type GovernanceThreadData } from './governance.js'

await inThread((data) => {
  const { databaseUrl, sources, walk, logLevel } = data as GovernanceThreadData
  takeWhatIsLeft()
  const ledger = new PostgresLedger({ databaseUrl })
  const source = { databaseUrl, ledger, interpretation: { sources, connectorFor } }
  const { reader, close } = openReader({ ...source, configuration: { walk } })
  const runner = governanceRunner(source, reader, tellFailure(createLogger(logLevel)))
  runner.start()
  const stop = async (): Promise<void> => {
    await runner.stop()
    await close()
    await ledger.close()
  }
  return { stop }
})

/** Records, index and feed go first. Elsewhere than on Linux a priority is that of the whole process. */
function takeWhatIsLeft(): void {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
}
