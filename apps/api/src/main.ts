import { PORT_DEFAULT } from '@catena/platform'
import { runParts } from '@catena/runtime'
import { ApiModule } from './api.module.js'

await runParts([ApiModule], { port: PORT_DEFAULT })
