import { runParts } from '@catena/runtime'
import { IngestModule } from './ingest.module.js'

/** Of HTTP ingest, health and metrics. */
const PORT = 4601

await runParts([IngestModule], { port: PORT })
