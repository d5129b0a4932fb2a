import { runParts } from '@catena/runtime'
import { ProjectorModule } from './projector.module.js'

await runParts([ProjectorModule], { http: false })
