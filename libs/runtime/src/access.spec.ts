import { setTimeout as pause } from 'node:timers/promises'
import { connectorFor } from '@catena/connectors'
import { PostgresLedger } from '@catena/ledger'
import { startTestPostgres } from '@catena/testing'
import { expect, it } from '@jest/globals'
import { openReader } from './access.js'

it('a reader keeps a connection while nobody asks, so that the next page need not plan anew', async () => {
  const { databaseUrl, stop } = await startTestPostgres()
  const ledger = new PostgresLedger({ databaseUrl })
  const { reader, close } = openReader({ databaseUrl, ledger, interpretation: { sources: [], connectorFor } })
  reader.pool.options.idleTimeoutMillis = 20
  const backend = async (): Promise<unknown> => (await reader.pool.query('SELECT pg_backend_pid()')).rows[0]
  const asked = await backend()
  await pause(200)
  expect(await backend()).toEqual(asked)
  await close()
  await ledger.close()
  await stop()
})
