import type { DecisionStreams } from '@catena/ledger'
import type { Clock } from '@catena/platform'
import { OwnStream } from '../own-stream.js'
import { AUTHORIZATION_DENIED, DENIALS_STREAM_PREFIX, type AuthorizationDenied, type Denial } from './denial.js'

/** A field that was refused to a caller is told once in this time; what comes between is counted by the next, so that a loop cannot fill the ledger, however it groups them. */
export const DENIAL_AGAIN_MS = 60_000
/** Refusals remembered to that end; beyond, the oldest is forgotten and told anew. */
const REMEMBERED_MAX = 10_000

interface Remembered {
  readonly toldAt: number
  count: number
}

/** Writes into the ledger what was refused to whom. */
export class DenialRecorder {
  private readonly stream: OwnStream
  private readonly remembered = new Map<string, Remembered>()

  constructor(
    streams: Pick<DecisionStreams, 'appendDecisions'>,
    private readonly clock: Clock,
  ) {
    this.stream = new OwnStream(streams, DENIALS_STREAM_PREFIX)
  }

  /** Resolves when the refusal is durable, or counted; rejects where it may not be. */
  async record({ caller, ...denial }: Denial): Promise<void> {
    const now = this.clock.now()
    const names = denial.fields.map((field) => JSON.stringify([caller, field]))
    const known = names.map((name) => this.remembered.get(name))
    const told = known.filter((one) => one !== undefined && now - one.toldAt < DENIAL_AGAIN_MS)
    if (told.length === names.length) {
      for (const one of known) if (one !== undefined) one.count++
      return
    }
    for (const name of names) this.remember(name, { toldAt: now, count: 0 })
    const data: AuthorizationDenied = { ...denial, before: Math.max(0, ...known.map((one) => one?.count ?? 0)) }
    const payload = Buffer.from(JSON.stringify(data))
    await this.stream.append({ type: AUTHORIZATION_DENIED, schemaVersion: 1, occurredAt: now, actor: caller, payload, subjects: [] }) // prettier-ignore
  }

  private remember(what: string, one: Remembered): void {
    this.remembered.delete(what)
    this.remembered.set(what, one)
    const [oldest] = this.remembered.keys()
    if (this.remembered.size > REMEMBERED_MAX && oldest !== undefined) this.remembered.delete(oldest)
  }
}
