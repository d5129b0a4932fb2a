import { PostgresLedger } from '@catena/ledger'
import { moveCheckpoint, readCheckpoint } from '@catena/siem'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { BY, openDeliveryStage, type DeliveryStage } from './delivery-stage.js'

describe('a checkpoint that was moved by somebody else meanwhile', () => {
  let stage: DeliveryStage
  beforeAll(async () => {
    stage = await openDeliveryStage()
    await stage.tell(10)
  }, 60_000)
  afterAll(() => stage.close(), 30_000)

  it('R8.1 stays where another worker moved it: what was under way moves nothing', async () => {
    const addition = { id: 'two-workers', added: 1, after: 0 }
    const from = await readCheckpoint(stage.pool, addition, 0)
    const move = { addition, from, delivered: 1, dead: [], at: 1 }
    await moveCheckpoint(stage.pool, { ...move, to: 5 })
    await expect(moveCheckpoint(stage.pool, { ...move, to: 3 })).rejects.toThrow('was moved')
    expect(await readCheckpoint(stage.pool, addition, 0)).toEqual({ sequence: 5, epoch: 0 })
  })

  it('R8.1 stays where a replay set it, even to the same sequence, and nothing becomes a dead letter', async () => {
    await stage.desk.add({ id: 'replayed', kind: 'files', format: 'ecs', target: { folder: '/nowhere' } }, BY)
    const addition = { id: 'replayed', added: 1, after: 0 }
    const from = await readCheckpoint(stage.pool, addition, 0)
    expect(await stage.desk.replay('replayed', { after: from.sequence }, BY)).toBeUndefined()
    const dead = [{ event: { sequence: 1, id: 'x', content: { kind: 'login' } } as never, reason: 'refused' }]
    const move = { addition, from, to: 10, delivered: 9, at: 1 }
    for (const letters of [[], dead])
      await expect(moveCheckpoint(stage.pool, { ...move, dead: letters })).rejects.toThrow('was moved')
    expect(await readCheckpoint(stage.pool, addition, 0)).toEqual({ sequence: from.sequence, epoch: from.epoch + 1 })
    expect(await stage.desk.deadLetters({ destination: 'replayed', limit: 1 })).toEqual([])
  })

  it('R8.1 stays where a replay was cut off that is recorded, which says so, and is moved back when it is asked for again', async () => {
    const { desk, pool } = stage
    await desk.add({ id: 'cut', kind: 'files', format: 'ecs', target: { folder: '/nowhere' } }, BY)
    await stage.tell(4)
    const addition = { id: 'cut', added: 1, after: 0 }
    const from = await readCheckpoint(pool, addition, 0)
    await moveCheckpoint(pool, { addition, from, to: 4, delivered: 4, dead: [], at: 1 })
    const query = pool.query.bind(pool) as (...asked: readonly unknown[]) => Promise<unknown>
    const cutOff: unknown = (...asked: readonly unknown[]) =>
      String(asked[0]).includes('epoch = epoch + 1') ? Promise.reject(new Error('Connection terminated')) : query(...asked) // prettier-ignore
    const cut = jest.spyOn(pool, 'query').mockImplementation(cutOff as never)
    const asked = desk.replay('cut', { after: 1 }, BY)
    await expect(asked).rejects.toThrow('the replay to cut is recorded and not begun (Connection terminated): ask for it again, events keep their ids') // prettier-ignore
    cut.mockRestore()
    expect(await readCheckpoint(pool, addition, 0)).toEqual({ sequence: 4, epoch: from.epoch })
    for (const times of [1, 2]) {
      expect(await desk.replay('cut', { after: 1 }, BY)).toBeUndefined()
      expect(await readCheckpoint(pool, addition, 0)).toEqual({ sequence: 1, epoch: from.epoch + times })
    }
  })

  it('R2.6 is listed without the secret that an earlier version took in the URL', async () => {
    const ledger = new PostgresLedger({ databaseUrl: stage.databaseUrl })
    const declared = JSON.stringify({ id: 'older', kind: 'webhook', format: 'ecs', target: { url: 'https://chat.example/services/T0A1B2C3D/aB3dE5gH7jK9mN1pQ3sT5vWx', secret_env: 'CATENA_EXPORT_SPEC' }, filter: {}, eventBytesMax: 65_536 }) // prettier-ignore
    const version = (await ledger.readStream('export:destinations')).length
    const payload = Buffer.from(JSON.stringify({ destination: 'older', declared, after: 0 }))
    await ledger.appendDecisions('export:destinations', version, [{ type: 'DestinationAdded', schemaVersion: 1, occurredAt: 1, actor: 'spec', payload, subjects: [] }]) // prettier-ignore
    await ledger.close()
    const listed = (await stage.desk.list()).find(({ destination }) => destination.id === 'older')
    expect(listed?.destination.target).toMatchObject({ url: 'https://chat.example/(secret)', secret_env: 'CATENA_EXPORT_SPEC' }) // prettier-ignore
  })

  it('R8.1 that an earlier version wrote is of the destination which that one added, and of none that was added since', async () => {
    const { pool } = stage
    const write = (id: string): Promise<unknown> => pool.query(`INSERT INTO export_checkpoint (destination, sequence, delivered, moved_at) VALUES ($1, 7, 7, now())`, [id]) // prettier-ignore
    await write('kept')
    await write('renewed')
    const kept = { id: 'kept', added: 2, after: undefined }
    expect(await readCheckpoint(pool, kept, 0)).toEqual({ sequence: 7, epoch: 0 })
    await expect(readCheckpoint(pool, { ...kept, added: 1 }, 0)).rejects.toThrow('removed and added again')
    expect(await readCheckpoint(pool, { id: 'renewed', added: 2, after: 3 }, 0)).toEqual({ sequence: 3, epoch: 1 })
    const { rows } = await pool.query(
      'SELECT destination, added, delivered::int FROM export_checkpoint WHERE sequence IN (3, 7) ORDER BY 1',
    )
    expect(rows).toEqual([{ destination: 'kept', added: 2, delivered: 7 }, { destination: 'renewed', added: 2, delivered: 0 }]) // prettier-ignore
  })
})
