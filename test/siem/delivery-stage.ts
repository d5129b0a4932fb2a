import { PostgresLedger } from '@catena/ledger'
import { connectKafka, createPool, prepareRoles, systemClock, transaction } from '@catena/platform'
import {
  appendToFeed,
  DeliveryEngine,
  ExportDesk,
  feedId,
  PATIENCE,
  type FeedContent,
  type Patience,
} from '@catena/siem'
import { startTestPostgres } from '@catena/testing'
import type pg from 'pg'
import { sampleOf } from '../../libs/siem/src/testing/samples.js'

/** Waits of seconds, shortened. */
export const IMPATIENT: Patience = { ...PATIENCE, firstWaitMs: 20, waitMaxMs: 200, attemptMs: 1_500 }

/** A feed that a test fills, and an engine that can be stopped as a crash would, and started again. */
export interface DeliveryStage {
  readonly databaseUrl: string
  readonly ownerUrl: string
  readonly pool: pg.Pool
  readonly desk: ExportDesk
  /** Adds so many events of so many credentials in turn. */
  tell(count: number, over?: Partial<FeedContent>): Promise<void>
  startEngine(): void
  stopEngine(): Promise<void>
  close(): Promise<void>
}

/** What `CATENA_EXPORT_SPEC` holds. */
export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
export const BY = { actor: 'spec', at: 0 }
export const CREDENTIALS = 7

export async function openDeliveryStage(options: { patience?: Patience; brokers?: readonly string[] } = {}): Promise<DeliveryStage> {
  const postgres = await startTestPostgres()
  const { databaseUrl } = await prepareRoles(postgres.databaseUrl)
  const pool = createPool(databaseUrl, { applicationName: 'spec' })
  const streams = new PostgresLedger({ databaseUrl })
  const { brokers } = options
  const connect = brokers === undefined ? undefined : () => connectKafka({ brokers, clientId: 'spec', log: () => undefined })
  const around = { env: { CATENA_EXPORT_SPEC: SECRET }, clock: systemClock, connectKafka: connect }
  const desk = new ExportDesk({ ...around, streams, pool, sources: ['vault'] })
  let engine: DeliveryEngine | undefined
  let told = 0
  const stopEngine = async (): Promise<void> => {
    await engine?.stop()
    engine = undefined
  }
  return {
    databaseUrl,
    ownerUrl: postgres.databaseUrl,
    pool,
    desk,
    tell: async (count, over = {}) => {
      const drafts = Array.from({ length: count }, () => draft(told++, over))
      const client = await pool.connect()
      await transaction(client, () => appendToFeed(client, drafts, Date.now())).finally(() => client.release())
    },
    startEngine: () => {
      const patience = options.patience ?? IMPATIENT
      engine = new DeliveryEngine({ ...around, databaseUrl, streams, random: Math.random, patience, onError: (error) => console.error(error) })
      engine.start()
    },
    stopEngine,
    close: async () => {
      await stopEngine()
      await streams.close()
      await pool.end()
      await postgres.stop()
    },
  }
} // prettier-ignore

function draft(number: number, over: Partial<FeedContent>): { id: string; content: FeedContent; positions: number[] } {
  const path = `orders/${number % CREDENTIALS}`
  const credential = { system: 'vault/prod-1', container: 'secret/', path, id: `credential:vault/prod-1:kv_1/${path}` }
  return { id: feedId(`spec:${number}`), content: { ...sampleOf('credential-retrieved', { credential }).content, ...over }, positions: [number] }
} // prettier-ignore

/** What a receiver got, in its order. */
export interface Got {
  readonly id: string
  readonly sequence: number
  readonly credential: string
}

/** What the order and completeness of a receiver's events come to. */
export function account(got: readonly Got[], total: number): { lost: number; gaps: number; disordered: number; foreignDuplicates: number } {
  const firsts = new Map<number, string>()
  const newest = new Map<string, number>()
  let [disordered, foreignDuplicates] = [0, 0]
  for (const { id, sequence, credential } of got) {
    const known = firsts.get(sequence)
    if (known !== undefined) {
      if (known !== id) foreignDuplicates++
      continue
    }
    firsts.set(sequence, id)
    if (sequence < (newest.get(credential) ?? 0)) disordered++
    newest.set(credential, sequence)
  }
  const missing = Array.from({ length: total }, (_, index) => index + 1).filter((sequence) => !firsts.has(sequence))
  return { lost: missing.length, gaps: missing.length, disordered, foreignDuplicates }
} // prettier-ignore

export const SOUND = { lost: 0, gaps: 0, disordered: 0, foreignDuplicates: 0 }

export async function until(isSo: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const deadline = Date.now() + ms
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('it did not come to that in time')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
