import { runPart } from '@catena/runtime'
import { ProjectorModule } from './projector.module.js'

await runPart(ProjectorModule)
