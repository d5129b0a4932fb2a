import { randomBytes } from 'node:crypto'
import { requireSameKey } from '@catena/runtime'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

describe('a database made with one installation key', () => {
  let postgres: TestPostgres
  const key = randomBytes(32)

  beforeAll(async () => {
    postgres = await startTestPostgres()
    await requireSameKey(postgres.databaseUrl, key, 'installation.key')
  }, 60_000)
  afterAll(() => postgres.stop())

  it('takes the same key again', async () => {
    await expect(requireSameKey(postgres.databaseUrl, key, 'installation.key')).resolves.toBeUndefined()
  })

  it('refuses another, under which every known record would be stored again', async () => {
    const other = requireSameKey(postgres.databaseUrl, randomBytes(32), 'other/installation.key')
    await expect(other).rejects.toThrow('is not the installation key of this database')
  })
})
