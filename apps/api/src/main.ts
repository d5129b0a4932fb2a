import { runParts } from '@catena/runtime'
import { ApiModule } from './api.module.js'

await runParts([ApiModule], { http: true })
