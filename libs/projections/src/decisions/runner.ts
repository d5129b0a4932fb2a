import type pg from 'pg'
import { LEADS } from '../lead.js'
import { LedWork } from '../led-work.js'
import { Reached } from '../reached.js'
import { foldViews, type DecisionLog } from './fold-view.js'
import type { DecisionView } from './view.js'

export type { DecisionLog } from './fold-view.js'

/** Longest wait for news; a notification ends it sooner. */
const IDLE_WAIT_MS = 1_000

export interface DecisionViewRunnerOptions {
  readonly views: readonly DecisionView[]
  readonly log: DecisionLog
  readonly databaseUrl: string
  readonly onError: (error: unknown) => void
}

/** Keeps all views of decisions up with the ledger. Of all runners on a database one leads; the checkpoint of each view fences the others. */
export class DecisionViewRunner {
  private readonly led: LedWork
  private readonly progress = new Reached()

  constructor(private readonly options: DecisionViewRunnerOptions) {
    const { databaseUrl, onError } = options
    this.led = new LedWork({
      databaseUrl,
      applicationName: 'catena-project-decisions',
      lock: LEADS.decisionViews,
      lead: (client) => this.lead(client),
      onError,
    })
  }

  start(): void {
    this.led.start()
  }

  stop(): Promise<void> {
    return this.led.stop()
  }

  /** Resolves when this runner has folded every view up to the position; never while another process leads. */
  caughtUp(position: number): Promise<void> {
    return this.progress.until(position)
  }

  private async lead(client: pg.Client): Promise<void> {
    const { views, log } = this.options
    while (!this.led.isStopped()) {
      const reached = await foldViews(client, log, views)
      this.led.goesOn()
      this.progress.set(reached)
      await log.waitForAppend(reached, IDLE_WAIT_MS, this.led.signal)
    }
  }
}
