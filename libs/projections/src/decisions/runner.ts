import { connect } from '@catena/platform'
import type pg from 'pg'
import { claimLead, LEADER_SESSION, LEADS } from '../lead.js'
import { pause } from '../pause.js'
import { Reached } from '../reached.js'
import { foldViews, type DecisionLog } from './fold-view.js'
import type { DecisionView } from './view.js'

export type { DecisionLog } from './fold-view.js'

/** Longest wait for news; a notification ends it sooner. */
const IDLE_WAIT_MS = 1_000
/** How often a runner that cannot lead looks whether it may. */
const FOLLOW_WAIT_MS = 500
const RETRY_WAIT_MS = 500
const RETRY_WAIT_MAX_MS = 30_000

export interface DecisionViewRunnerOptions {
  readonly views: readonly DecisionView[]
  readonly log: DecisionLog
  readonly databaseUrl: string
  readonly onError: (error: unknown) => void
}

/** Keeps all views of decisions up with the ledger. Of all runners on a database one leads; the checkpoint of each view fences the others. */
export class DecisionViewRunner {
  private readonly stopping = new AbortController()
  private running: Promise<void> | undefined
  private readonly progress = new Reached()
  private failures = 0

  constructor(private readonly options: DecisionViewRunnerOptions) {}

  start(): void {
    this.running ??= this.run()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await this.running
  }

  /** Resolves when this runner has folded every view up to the position; never while another process leads. */
  caughtUp(position: number): Promise<void> {
    return this.progress.until(position)
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted
  }

  private async run(): Promise<void> {
    while (!this.isStopped()) {
      try {
        await this.session()
      } catch (error) {
        if (this.isStopped()) return
        this.options.onError(error)
        await pause(Math.min(RETRY_WAIT_MS * 2 ** this.failures++, RETRY_WAIT_MAX_MS), this.stopping.signal)
      }
    }
  }

  /** As long as one connection lasts. */
  private async session(): Promise<void> {
    const client = await connect(this.options.databaseUrl, {
      applicationName: 'catena-project-decisions',
      ...LEADER_SESSION,
    })
    try {
      while (!this.isStopped()) {
        if (await claimLead(client, LEADS.decisionViews)) await this.lead(client)
        else await pause(FOLLOW_WAIT_MS, this.stopping.signal)
      }
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  private async lead(client: pg.Client): Promise<void> {
    const { views, log } = this.options
    while (!this.isStopped()) {
      const reached = await foldViews(client, log, views)
      this.failures = 0
      this.progress.set(reached)
      await log.waitForAppend(reached, IDLE_WAIT_MS)
    }
  }
}
