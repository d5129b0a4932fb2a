import pg from 'pg'
import { openLoad } from './load.js'

/**
 * A process of its own that ships records to `POST /ingest/<source>` at a steady rate, whatever becomes of them: each request carries all of its
 * source that is due since the one before, as a shipper's do. Arguments: URL of the doors, token, URL of the database, folder of a simulated
 * organisation or nothing for the recorded Vault. Asked for an amount, it tells of each request, and at last of all.
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
  const [doors = '', token = '', databaseUrl = '', organisation = ''] = process.argv.slice(2)
  const [load, client] = [await openLoad(organisation), new pg.Client(databaseUrl)]
  await client.connect()
  const say = (what: ShipperSays): void => void process.send?.(what)
  const head = async (): Promise<number> =>
    Number((await client.query<{ position: string }>('SELECT position FROM ledger_head')).rows[0]?.position)
  const shipTo = async (source: string, body: string, dueFrom: number): Promise<void> => {
    const at = Date.now()
    await post(`${doors}/${source}`, token, body)
    const committedAt = Date.now()
    say({ shipped: { dueFrom, at, committedAt, upTo: await head() } })
  }
  const ship = async (dueFrom: number, records: number): Promise<void> => {
    await Promise.all([...load.take(records)].map(([source, body]) => shipTo(source, body, dueFrom)))
  }
  const shipAll = async ({ seconds, perSecond }: Amount): Promise<void> => {
    const [begun, perMs] = [Date.now(), perSecond / 1000]
    let records = 0
    while (Date.now() < begun + seconds * 1000) {
      const turn = Date.now()
      const due = Math.min(Math.floor((turn - begun) * perMs), records + RECORDS_MAX)
      if (due > records) await ship(begun + records / perMs, due - records)
      records = Math.max(records, due)
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, turn + PIECE_MS - Date.now())))
    }
    say({ records, tookMs: Date.now() - begun })
  }
  process.on('message', (amount) => void shipAll(amount as Amount))
  process.on('disconnect', () => process.exit(0))
  process.send('ready')
}
