import { runParts } from '@catena/runtime'
import { IngestModule } from './ingest.module.js'

await runParts([IngestModule], { http: true })
