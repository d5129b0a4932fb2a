import { runParts } from '@catena/runtime'
import { ProjectorModule } from './projector.module.js'

/** Of health and metrics. */
const PORT = 4602

await runParts([ProjectorModule], { port: PORT })
