import { connectorFor } from '@catena/connectors'
import { PostgresLedger } from '@catena/ledger'
import type { Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { startRecordedPostgres, type RecordedPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openReader } from '../access.js'
import { Probes } from '../operations/probes.js'
import { WarmUp } from './warm-up.provider.js'
import { warmUp } from './warm-up.js'

const FEW = { retrievalsMin: 1, pages: 20, dates: 5, longestMs: 60_000 }
const never = new AbortController().signal

describe('a process that answers warms up', () => {
  let postgres: RecordedPostgres
  let ledger: PostgresLedger
  let reader: AccessReader
  let close: () => Promise<void>
  beforeAll(async () => {
    postgres = await startRecordedPostgres()
    ledger = new PostgresLedger({ databaseUrl: postgres.databaseUrl })
    const interpretation = { sources: postgres.recording.sources, connectorFor }
    ;({ reader, close } = openReader({ databaseUrl: postgres.databaseUrl, ledger, interpretation }))
  }, 120_000)
  afterAll(async () => {
    await close()
    await ledger.close()
    await postgres.stop()
  })

  it('by so many pages, and verdicts on past dates among them', async () => {
    expect(await warmUp(reader, never, FEW)).toEqual({ pages: 20, dates: 5 })
  })

  it('not where so little was retrieved that its first answers are fast', async () => {
    expect(await warmUp(reader, never, { ...FEW, retrievalsMin: 1_000_000 })).toEqual({ pages: 0, dates: 0 })
  })

  it('no longer than it may, and not when it is told to end', async () => {
    const endless = { ...FEW, pages: 1_000_000 }
    const ended = new AbortController()
    const short = await warmUp(reader, never, { ...endless, longestMs: 100 })
    expect(short.pages).toBeLessThan(endless.pages)
    const work = warmUp(reader, ended.signal, endless)
    ended.abort()
    expect((await work).pages).toBeLessThanOrEqual(1)
  })
})

describe('while a process warms up', () => {
  const told: unknown[] = []
  const logger = { debug: () => undefined, warn: (what: unknown) => told.push(what) } as unknown as Logger

  /** A process at its start, whose database says whether much was retrieved. */
  function starting(hasRetrievals: () => Promise<boolean>, asOf = () => Promise.reject(new Error('no database'))) {
    const probes = new Probes()
    const warming = new WarmUp({ hasRetrievals, asOf } as unknown as AccessReader, logger, probes)
    return { probes, warming }
  }

  it('it is not ready, and then it is', async () => {
    const { promise, resolve } = withResolvers()
    const { probes, warming } = starting(() => Promise.resolve(true), () => promise.then(() => Promise.reject(new Error('no database')))) // prettier-ignore
    await warming.onApplicationBootstrap()
    expect(probes.held()).toMatch(/^it is warming up/)
    resolve(false)
    await warming.beforeApplicationShutdown()
    expect(probes.held()).toBeUndefined()
  })

  it('where little was retrieved, it is ready before anybody can ask', async () => {
    const { probes, warming } = starting(() => Promise.resolve(false))
    await warming.onApplicationBootstrap()
    expect(probes.held()).toBeUndefined()
  })

  it.each([
    ['at once', () => Promise.reject(new Error('no database'))],
    ['later', () => Promise.resolve(true)],
  ])('a database that fails %s is told, and keeps nobody from being ready', async (_, hasRetrievals) => {
    told.length = 0
    const { probes, warming } = starting(hasRetrievals)
    await warming.onApplicationBootstrap()
    await warming.beforeApplicationShutdown()
    expect(probes.held()).toBeUndefined()
    expect(told).toHaveLength(1)
  })
})

function withResolvers(): { promise: Promise<boolean>; resolve: (value: boolean) => void } {
  let resolve: (value: boolean) => void = () => undefined
  const promise = new Promise<boolean>((settle) => (resolve = settle))
  return { promise, resolve }
}
