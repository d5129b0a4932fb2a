import { moveCheckpoint, readCheckpoint } from '@catena/siem'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { BY, openDeliveryStage, type DeliveryStage } from './delivery-stage.js'

describe('a checkpoint that was moved by somebody else meanwhile', () => {
  let stage: DeliveryStage
  beforeAll(async () => {
    stage = await openDeliveryStage()
    await stage.tell(10)
  }, 60_000)
  afterAll(() => stage.close(), 30_000)

  it('R8.1 stays where another worker moved it: what was under way moves nothing', async () => {
    const from = await readCheckpoint(stage.pool, 'two-workers', 0)
    const move = { destination: 'two-workers', from, delivered: 1, dead: [], at: 1 }
    await moveCheckpoint(stage.pool, { ...move, to: 5 })
    await expect(moveCheckpoint(stage.pool, { ...move, to: 3 })).rejects.toThrow('was moved')
    expect(await readCheckpoint(stage.pool, 'two-workers', 0)).toEqual({ sequence: 5, epoch: 0 })
  })

  it('R8.1 stays where a replay set it, even to the same sequence, and nothing becomes a dead letter', async () => {
    await stage.desk.add({ id: 'replayed', kind: 'files', format: 'ecs', target: { folder: '/nowhere' } }, BY)
    const from = await readCheckpoint(stage.pool, 'replayed', 0)
    expect(await stage.desk.replay('replayed', { after: from.sequence }, BY)).toBeUndefined()
    const dead = [{ event: { sequence: 1, id: 'x', content: { kind: 'login' } } as never, reason: 'refused' }]
    const move = { destination: 'replayed', from, to: 10, delivered: 9, at: 1 }
    for (const letters of [[], dead])
      await expect(moveCheckpoint(stage.pool, { ...move, dead: letters })).rejects.toThrow('was moved')
    expect(await readCheckpoint(stage.pool, 'replayed', 0)).toEqual({ sequence: from.sequence, epoch: from.epoch + 1 })
    expect(await stage.desk.deadLetters({ destination: 'replayed', limit: 1 })).toEqual([])
  })
})
