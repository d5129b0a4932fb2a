import { startEmbeddedPostgres } from '@catena/platform'

/** A process that has a database of its own in this folder, as a command has one for as long as it runs, and handles no signals. */
const [dataFolder = ''] = process.argv.slice(2)
process.stdout.write('starting\n')
await startEmbeddedPostgres({ dataFolder })
process.stdout.write('started\n')
setInterval(() => undefined, 1_000)
