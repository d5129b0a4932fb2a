import type { Configuration, Settings } from '@catena/platform'
import { startProcess, type RunningProcess } from '@catena/runtime'
import { ApiModule } from '../../api/src/api.module.js'
import { IngestModule } from '../../ingest/src/ingest.module.js'
import { Projector, ProjectorModule } from '../../projector/src/projector.module.js'
import { WorkerModule } from '../../worker/src/worker.module.js'

/** A whole Catena in this process. */
export interface Running extends RunningProcess {
  readonly projector: Projector
}

/** Starts database, ingest, projector, worker and API in one process, and listens. */
export async function startAll(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
  configuration?: Configuration,
): Promise<Running> {
  const parts = [ProjectorModule, IngestModule, WorkerModule, ApiModule]
  const running = await startProcess(parts, settings, env, configuration === undefined ? {} : { configuration })
  return { ...running, projector: running.app.get(Projector) }
}
