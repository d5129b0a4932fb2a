import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { connect } from './database.js'
import { WakeSignal } from './wake-signal.js'

const LONG_MS = 50_000

describe('a signal of the database', () => {
  let postgres: TestPostgres
  let admin: pg.Client

  beforeAll(async () => {
    postgres = await startTestPostgres()
    admin = await connect(postgres.databaseUrl, { applicationName: 'spec' })
  }, 60_000)

  afterAll(async () => {
    await admin.end()
    await postgres.stop()
  }, 60_000)

  const signals: WakeSignal[] = []
  afterEach(async () => {
    for (const signal of signals.splice(0)) await signal.close()
  })

  const open = (pollMs = LONG_MS): WakeSignal => {
    const { databaseUrl } = postgres
    const signal = new WakeSignal({ databaseUrl, channel: 'spec_news', applicationName: 'spec-listen', pollMs })
    signals.push(signal)
    return signal
  }
  const notify = () => admin.query('NOTIFY spec_news')

  /** Until one session listens, none of these. */
  async function listening(before: readonly number[] = []): Promise<number> {
    for (;;) {
      const { rows } = await admin.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'spec-listen' AND query LIKE 'LISTEN%' AND state = 'idle'`,
      )
      const [fresh] = rows.filter(({ pid }) => !before.includes(pid))
      if (fresh !== undefined) return fresh.pid
    }
  }

  it('wakes all who wait at a notification, and whoever is told here', async () => {
    const signal = open()
    const waiting = [signal.next(LONG_MS), signal.next(LONG_MS)]
    await listening()
    await notify()
    await Promise.all(waiting)
    const next = signal.next(LONG_MS)
    signal.wake()
    await next
  })

  it('lets go after a while, at an abort, and when it is closed', async () => {
    await open(10).next(LONG_MS)
    await open().next(10)
    const aborting = new AbortController()
    const aborted = open().next(LONG_MS, aborting.signal)
    aborting.abort()
    await aborted
    await open().next(LONG_MS, aborting.signal)
    const closing = open()
    const held = closing.next(LONG_MS)
    await closing.close()
    await held
    expect(closing.isClosed).toBe(true)
  })

  it('listens anew after its connection died', async () => {
    const signal = open()
    const first = signal.next(LONG_MS)
    const pid = await listening()
    await admin.query('SELECT pg_terminate_backend($1)', [pid])
    signal.wake()
    await first
    for (;;) {
      const { rowCount } = await admin.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])
      if (rowCount === 0) break
    }
    await signal.next(50)
    const next = signal.next(LONG_MS)
    await listening([pid])
    await notify()
    await next
  })
})
