import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import pg from 'pg'
import { copyRows, type CopyBinary } from './copy-binary.js'

const COLUMNS =
  'number bigint, word int, small smallint, text text, bytes bytea, list bytea[], at timestamptz, yes boolean, json jsonb, texts text[], numbers bigint[]'

let database: TestPostgres
let client: pg.Client

beforeAll(async () => {
  database = await startTestPostgres()
  client = new pg.Client(database.databaseUrl)
  await client.connect()
  await client.query(`CREATE TABLE copied (${COLUMNS})`)
}, 60_000)

afterAll(async () => {
  await client.end()
  await database.stop()
})

async function copied(rows: readonly ((out: CopyBinary) => void)[]): Promise<Record<string, unknown>[]> {
  await client.query('TRUNCATE copied')
  await copyRows(client, 'COPY copied FROM STDIN (FORMAT binary)', rows, (out, write) => {
    out.row(11)
    write(out)
  })
  const { rows: read } = await client.query<Record<string, unknown>>(
    'SELECT *, extract(epoch FROM at)::text AS seconds FROM copied ORDER BY number',
  )
  return read
}

const nothings = (out: CopyBinary, count: number): void => {
  for (let column = 0; column < count; column++) out.nothing()
}

describe('rows in binary COPY', () => {
  it('arrive as they were written', async () => {
    const [row] = await copied([
      (out) => {
        out.bigint(7)
        out.integer(-5)
        out.smallint(-2)
        out.text('Zoë 日本 😀')
        out.hex('00ff10')
        out.byteArray([Buffer.from([1]), Buffer.alloc(0)])
        out.timestamp(Date.UTC(2026, 0, 1) * 1000 + 7)
        out.boolean(true)
        out.jsonb('{"name":"Zoë","list":[1,null]}')
        out.textArray(['Zoë, "x"', '', '{}'])
        out.bigintArray([3, -(2 ** 40), Number.MAX_SAFE_INTEGER])
      },
    ])
    expect(row).toMatchObject({
      number: '7',
      word: -5,
      small: -2,
      text: 'Zoë 日本 😀',
      bytes: Buffer.from([0, 255, 16]),
      list: [Buffer.from([1]), Buffer.alloc(0)],
      seconds: '1767225600.000007',
      yes: true,
      json: { name: 'Zoë', list: [1, null] },
      texts: ['Zoë, "x"', '', '{}'],
      numbers: ['3', '-1099511627776', '9007199254740991'],
    })
  })

  it('arrive with arrays of no elements', async () => {
    const [row] = await copied([
      (out) => {
        nothings(out, 5)
        out.byteArray([])
        nothings(out, 3)
        out.textArray([])
        out.bigintArray([])
      },
    ])
    expect(row).toMatchObject({ list: [], texts: [], numbers: [] })
  })

  it('keep whole numbers at the borders of their words', async () => {
    const numbers = [
      Number.MIN_SAFE_INTEGER,
      -(2 ** 32) - 1,
      -(2 ** 32),
      -1,
      0,
      2 ** 31,
      2 ** 32 - 1,
      2 ** 32,
      Number.MAX_SAFE_INTEGER,
    ]
    const rows = await copied(
      numbers.map((number) => (out) => {
        out.bigint(number)
        nothings(out, 10)
      }),
    )
    expect(rows.map(({ number }) => Number(number))).toEqual(numbers)
  })

  it('arrive whole where they are larger than what is asked of the system at a time, or end in the middle of it', async () => {
    const sizes = [1, 600_000, 3, 65_536, 2_000_000, 40, ...Array.from({ length: 200 }, (_, index) => 20_000 + index)]
    const rows = await copied(
      sizes.map((size, number) => (out) => {
        out.bigint(number)
        nothings(out, 3)
        out.bytes(Buffer.alloc(size, number))
        nothings(out, 6)
      }),
    )
    expect(rows.map(({ bytes }) => (bytes as Buffer).length)).toEqual(sizes)
    expect(rows.every(({ bytes }, number) => (bytes as Buffer).equals(Buffer.alloc(sizes[number]!, number)))).toBe(true)
  })

  it('leave the connection usable when the server refuses them', async () => {
    await client.query('CREATE UNIQUE INDEX copied_once ON copied (number)')
    const twice = Array.from({ length: 20_000 }, (_, index) => (out: CopyBinary) => {
      out.bigint(index === 19_999 ? 0 : index)
      nothings(out, 10)
    })
    await expect(copied(twice)).rejects.toMatchObject({ code: '23505' })
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await client.query('DROP INDEX copied_once')
  })
})
