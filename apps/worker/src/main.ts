import { runParts } from '@catena/runtime'
import { WorkerModule } from './worker.module.js'

/** Of health, metrics and the pull door. */
const PORT = 4603

await runParts([WorkerModule], { port: PORT })
