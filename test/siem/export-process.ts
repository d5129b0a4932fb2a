import { PostgresLedger } from '@catena/ledger'
import { connectKafka, systemClock } from '@catena/platform'
import { DeliveryEngine } from '@catena/siem'
import type { ExportWork } from './start-export.js'

/** A process of its own that sends the feed to its destinations until it is ended. */
const { databaseUrl, brokers, patience } = JSON.parse(process.argv[2] ?? '') as ExportWork
const engine = new DeliveryEngine({
  databaseUrl,
  patience,
  streams: new PostgresLedger({ databaseUrl }),
  clock: systemClock,
  random: Math.random,
  env: process.env,
  connectKafka: () => connectKafka({ brokers, clientId: 'spec-export', log: () => undefined }),
  onError: (error) => process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`),
})
engine.start()
