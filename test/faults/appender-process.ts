import { PostgresLedger } from '@catena/ledger'
import { consume, type Feed } from './ledger-feed.js'

/** A process of its own that consumes one feed and says on its output what was acknowledged. */
const { databaseUrl, feed } = JSON.parse(process.argv[2] ?? '') as { databaseUrl: string; feed: Feed }
const ledger = new PostgresLedger({ databaseUrl })
await consume(ledger, feed, (next) => process.stdout.write(`${next}\n`))
await ledger.close()
