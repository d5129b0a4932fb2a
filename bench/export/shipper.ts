import pg from 'pg'
import { RecordMultiplier } from '../multiply.js'

/**
 * A process of its own that ships Vault records to `POST /ingest/<source>` at a steady rate, whatever becomes of them: each request carries all
 * that is due since the one before, as a shipper's do. Arguments: URL of the door, token, URL of the database. Asked for an amount, it tells of
 * each request, and at last of all.
 */
export interface Amount {
  readonly seconds: number
  readonly perSecond: number
}

export interface Shipped {
  /** When the oldest record of the request was due, Unix ms. */
  readonly dueFrom: number
  readonly at: number
  /** The answer was here. */
  readonly committedAt: number
  /** Head of the ledger behind it. */
  readonly upTo: number
}

export type ShipperSays = { readonly shipped: Shipped } | { readonly records: number; readonly tookMs: number }

/** Shortest time from request to request; a longer one is what the door takes. */
const PIECE_MS = 50
/** A request is no larger, so that a door that fell behind is not asked for ever more at once. */
const RECORDS_MAX = 4_000

async function post(url: string, token: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } })
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
  const { stored } = (await answer.json()) as { stored: number }
  if (stored === 0) throw new Error('nothing of a request was new')
}

if (process.send !== undefined) {
  const [url = '', token = '', databaseUrl = ''] = process.argv.slice(2)
  const [multiplier, client] = [await RecordMultiplier.open(), new pg.Client(databaseUrl)]
  await client.connect()
  const say = (what: ShipperSays): void => void process.send?.(what)
  const head = async (): Promise<number> =>
    Number((await client.query<{ position: string }>('SELECT position FROM ledger_head')).rows[0]?.position)
  const ship = async (dueFrom: number, records: number): Promise<Shipped> => {
    const body = multiplier.take(records)
    const at = Date.now()
    await post(url, token, body)
    const committedAt = Date.now()
    return { dueFrom, at, committedAt, upTo: await head() }
  }
  const shipAll = async ({ seconds, perSecond }: Amount): Promise<void> => {
    const [begun, perMs] = [Date.now(), perSecond / 1000]
    let records = 0
    while (Date.now() < begun + seconds * 1000) {
      const turn = Date.now()
      const due = Math.min(Math.floor((turn - begun) * perMs), records + RECORDS_MAX)
      if (due > records) say({ shipped: await ship(begun + records / perMs, due - records) })
      records = Math.max(records, due)
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, turn + PIECE_MS - Date.now())))
    }
    say({ records, tookMs: Date.now() - begun })
  }
  process.on('message', (amount) => void shipAll(amount as Amount))
  process.on('disconnect', () => process.exit(0))
  process.send('ready')
}
