import { PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { watchSealed, type AccessRow, type RecertificationDesk } from '@catena/recertification'
import { accessRow } from '../../libs/recertification/src/testing/access.js'
import { identity, LAUNCH, on } from '../../libs/recertification/src/testing/campaign.js'
import { viewsShown } from './views-shown.js'

/** A process of its own: one contradiction after another becomes known and sealed decisions are compared, from wherever another process left it. */
const { databaseUrl, accesses, day } = JSON.parse(process.argv[2] ?? '') as { databaseUrl: string; accesses: number; day: number } // prettier-ignore

const ledger = new PostgresLedger({ databaseUrl, clock: { now: () => LAUNCH } })
const pool = createPool(databaseUrl, { applicationName: 'watch', max: 4 })
const NEWS = 'news:late'

/** Positions at which something became known: the nth speaks against the nth access. */
async function news(): Promise<number[]> {
  return (await ledger.readStream(NEWS)).map(({ position }) => position)
}

const idOf = (number: number): string => String(number).padStart(32, '0')

async function rowsAt(position: number): Promise<AccessRow[]> {
  const known = (await news()).filter((at) => at <= position).length
  return Array.from({ length: accesses }, (_, index) => {
    const credential = { id: idOf(index + 1), system: 'vault/prod', container: 'secret/', path: `key-${index + 1}` }
    return accessRow({ credential, ...(index < known ? { uses: 9 } : {}) })
  })
}

/** Fakes that know more with each news; ledger, views and what is written are real. */
const summary: RecertificationDesk['summary'] = {
  version: 'fake',
  newest: () => ledger.head(),
  async *rows({ position }) {
    yield* await rowsAt(position)
  },
  rowsOf: async (ids, { position }) => (await rowsAt(position)).filter(({ credential }) => ids.includes(credential.id)),
  changedSince: async (position) => (await news()).flatMap((at, index) => (at > position ? [idOf(index + 1)] : [])),
  knownBy: () => Promise.resolve(new Map()),
  completeness: () => Promise.resolve([]),
  pinned: async (work) => work(summary, await ledger.head()),
} // prettier-ignore
const directory: RecertificationDesk['directory'] = {
  identities: (keys) => Promise.resolve(new Map(keys.map((key) => [key, { ...identity(key.slice(key.lastIndexOf(':') + 1)), key }]))), // prettier-ignore
  managerOf: () => Promise.resolve(undefined),
  sponsorOf: () => Promise.resolve(undefined),
  membersOf: () => Promise.resolve([]),
}
const desk = { streams: ledger, pool, summary, directory, owners: { ownersOf: () => Promise.resolve(new Map()) } }

const shown = (): Promise<void> => viewsShown(pool, ledger, ['campaigns', 'review-items'])

process.stdout.write('begun\n')
for (let known = (await news()).length; ; known++) {
  await shown()
  await watchSealed(desk, on(day, 'timer:recertification'))
  if (known >= accesses) break
  const event = { type: 'News', schemaVersion: 1, occurredAt: LAUNCH, actor: 'test', payload: Buffer.from('{}'), subjects: [] } // prettier-ignore
  await ledger.appendDecisions(NEWS, known, [event])
}
await pool.end()
await ledger.close()
