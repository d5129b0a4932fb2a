import { EventsDetached, type LedgerEvent } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import { HealthController, PROJECTION_DELAY_MAX_MS } from './health.controller.js'
import { Probes } from './probes.js'

interface Situation {
  readonly head?: number
  readonly projected?: number
  readonly ageMs?: number
  readonly reason?: string
  readonly held?: string
  readonly detached?: EventsDetached
}

/** The health of a process whose oldest event that answers lack came so long ago. */
function controller({ head = 7, projected = 7, ageMs = 0, reason, held, detached }: Situation): HealthController {
  const oldest = { recordedAt: Date.now() - ageMs } as LedgerEvent
  const readAt = () => (detached === undefined ? Promise.resolve([oldest]) : Promise.reject(detached))
  const ledger = { head: () => Promise.resolve(head), readAt }
  const probes = new Probes()
  probes.add(() => reason)
  probes.hold(() => held)
  return new HealthController(
    { ledger } as unknown as ConstructorParameters<typeof HealthController>[0],
    { projectedPosition: () => Promise.resolve(projected) },
    probes,
  )
}

describe('a process whose database answers', () => {
  it('is ready with what answers lack', async () => {
    expect(await controller({ head: 9, projected: 7, ageMs: 1_000 }).ready()).toEqual({ status: 'ready', lag: 2 })
  })

  it('is degraded, and says why, while a part of it works badly', async () => {
    expect(await controller({ reason: 'Kafka is not read' }).ready()).toEqual({
      status: 'degraded',
      lag: 0,
      reasons: ['Kafka is not read'],
    })
  })

  it('is degraded where answers have been behind for long', async () => {
    const { status, reasons } = await controller({ head: 9, ageMs: PROJECTION_DELAY_MAX_MS + 1_000 }).ready()
    expect([status, reasons]).toEqual(['degraded', [expect.stringMatching(/^answers do not contain .* 61 s/)]])
  })

  it('is degraded, and names the file, where what answers lack was detached', async () => {
    const detached = new EventsDetached({ first: 8, last: 9, file: 'events-8-9.pgcopy.gz' })
    expect(await controller({ head: 9, detached }).ready()).toEqual({
      status: 'degraded',
      lag: 2,
      reasons: [
        'answers do not contain what follows: events 8 to 9 are detached: reattach events-8-9.pgcopy.gz to read them',
      ],
    })
  })

  it('is not ready while a part of it holds it back', async () => {
    await expect(controller({ held: 'it is warming up' }).ready()).rejects.toMatchObject({
      status: 503,
      response: { status: 'not ready', reasons: ['it is warming up'] },
    })
  })

  it('is not ready once it is ending, and lives', async () => {
    const ending = controller({})
    ending.beforeApplicationShutdown()
    await expect(ending.ready()).rejects.toMatchObject({
      status: 503,
      response: { status: 'not ready', reasons: ['the process is ending'] },
    })
    expect(ending.live()).toEqual({ status: 'live' })
  })
})
