import { isRefusal, type Key } from '@catena/domain'
import { PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { startTestPostgres } from '@catena/testing'
import type { CampaignStatus } from '../campaign/state.js'
import type { Definition } from '../definition/definition.js'
import { defineCampaign, launchCampaign, loadCampaign, scheduleCampaign } from '../desk/campaigns.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { decideItems, loadItems } from '../desk/items.js'
import { campaignItems } from '../desk/work.js'
import { knownName } from '../population/identity.js'
import type { AccessRow } from '../ports/access-summary.js'
import type { Identity } from '../ports/people.js'
import { isWatched, proceed } from '../timers/advance-campaign.js'
import { campaignView } from '../views/campaign-view.js'
import { itemView } from '../views/item-view.js'
import { watchCampaigns } from '../watch/watch-population.js'
import { accessRow } from './access.js'
import { identity, LAUNCH, on, personKey } from './campaign.js'

/** What is known from a position on. */
interface Knowledge {
  readonly rows: readonly AccessRow[]
  /** By id of the credential. */
  readonly owners: Readonly<Record<string, Key>>
  /** Who differs from somebody of that name who works here. */
  readonly people: Readonly<Record<string, Partial<Identity>>>
}

export function accessTo(number: number, more: Partial<AccessRow> = {}): AccessRow {
  return accessRow({ credential: { id: String(number).padStart(32, '0'), system: 'vault/prod', container: 'secret/', path: `key-${number}` }, ...more }) // prettier-ignore
}

export type DeskField = Awaited<ReturnType<typeof openDeskField>>

/** A desk on a real ledger and real views. Accesses, owners and people are fakes that know more from one position to the next. */
export async function openDeskField() {
  const postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  const ledger = new PostgresLedger({ databaseUrl, clock: { now: () => LAUNCH } })
  const pool = createPool(databaseUrl, { applicationName: 'catena-test' })
  const views = new DecisionViewRunner({ views: [campaignView, itemView], log: ledger, databaseUrl, onError: (error) => console.error(error) }) // prettier-ignore
  views.start()
  const nothing: Knowledge = { rows: [], owners: {}, people: {} }
  let known: (Knowledge & { from: number })[] = []
  const at = (position: number): Knowledge => known.findLast(({ from }) => from <= position) ?? nothing
  const summary: RecertificationDesk['summary'] = {
    version: 'fake',
    newest: () => ledger.head(),
    async *rows({ position }) {
      await Promise.resolve()
      yield* at(position).rows
    },
    rowsOf: (ids, { position }) => Promise.resolve(at(position).rows.filter(({ credential }) => ids.includes(credential.id))),
    changedSince: (position) => Promise.resolve([...new Set(known.filter(({ from }) => from > position).flatMap(({ rows }) => rows.map(({ credential }) => credential.id)))]),
    knownBy: (_, position) => Promise.resolve(new Map(at(position).rows.filter(({ uses }) => uses > 0).map(({ credential, accessor, privileged }) => [knownName(credential.id, accessor), { privileged }]))),
    completeness: () => Promise.resolve([{ source: 'vault', lastPosition: 1, lastHeardAt: 1, isLate: false, gaps: [], stored: 1, quarantined: 0 }]),
    pinned: async (work) => work(summary, await ledger.head()),
  } // prettier-ignore
  const directory: RecertificationDesk['directory'] = {
    identities: (keys, position) => Promise.resolve(new Map(keys.map((key) => [key, { ...identity(nameOf(key)), key, ...at(position).people[nameOf(key)] }]))),
    managerOf: () => Promise.resolve(undefined),
    sponsorOf: () => Promise.resolve(undefined),
    membersOf: () => Promise.resolve([]),
  } // prettier-ignore
  const owners: RecertificationDesk['owners'] = { ownersOf: (_, position) => Promise.resolve(new Map(Object.entries(at(position).owners))) } // prettier-ignore
  const desk: RecertificationDesk = { streams: ledger, pool, summary, directory, owners }
  const settle = async (): Promise<void> => views.caughtUp(await ledger.head())
  const append = async (type: string, payload: object): Promise<void> => {
    const event = { type, schemaVersion: 1, occurredAt: LAUNCH, actor: 'test', payload: Buffer.from(JSON.stringify(payload)), subjects: [] } // prettier-ignore
    await ledger.appendDecisions(`news:${await ledger.head()}`, 0, [event])
    await settle()
  }
  return {
    databaseUrl,
    desk,
    ledger,
    settle,
    append,
    /** What is not named stays as it was. */
    async becomesKnown(more: Partial<Knowledge>): Promise<void> {
      known.push({ ...at(Infinity), ...more, from: (await ledger.head()) + 1 })
      await append('News', {})
    },
    startAnew(rows: readonly AccessRow[], more: Partial<Knowledge> = {}): void {
      known = [{ from: 0, owners: {}, people: {}, rows, ...more }]
    },
    async define(id: string, definition: Definition): Promise<void> {
      const defined = await defineCampaign(desk, id, definition, on(0), true)
      if (isRefusal(defined)) throw new Error(defined.message)
      await settle()
    },
    async launch(definition: string): Promise<string> {
      const scheduled = await scheduleCampaign(desk, { definition, cause: 'run', at: LAUNCH }, on(0))
      if (isRefusal(scheduled)) throw new Error(scheduled.message)
      await launchCampaign(desk, scheduled.id, on(0))
      await settle()
      return scheduled.id
    },
    /** What a turn of the timer does with one campaign: it is told what became known, and goes one step on. */
    async advance(id: string, day: number): Promise<void> {
      const by = on(day, 'timer:recertification')
      const state = await loadCampaign(desk, id)
      for (const failure of (await watchCampaigns(desk, [state].filter(isWatched), by)).values()) throw failure
      await proceed(desk, state, by)
      await settle()
    },
    /** Turn after turn of one day, until the campaign stands there. */
    async advanceTo(id: string, status: CampaignStatus, day: number): Promise<void> {
      for (let turn = 0; turn < 5 && (await loadCampaign(desk, id)).status !== status; turn++)
        await this.advance(id, day)
    },
    async items(id: string) {
      const listed = await campaignItems(pool, id, 100)
      return loadItems(desk, listed.map(({ item }) => item.id)) // prettier-ignore
    },
    /** The answer to a vote of somebody on the item of that number. */
    async decide(id: string, number: number, kind: 'certify' | 'revoke', reviewer = 'boss') {
      const listed = await campaignItems(pool, id, 100)
      const item = listed.find((one) => one.item.number === number)?.item.id ?? ''
      const asked = { items: [item], decision: { kind }, reason: 'looked', request: `${id}${number}${kind}${reviewer}` }
      const found = await directory.identities([personKey(reviewer)], await ledger.head())
      const answer = await decideItems(
        desk,
        asked,
        found.get(personKey(reviewer)) ?? identity(reviewer),
        on(1, personKey(reviewer)),
      )
      await settle()
      return answer
    },
    async close(): Promise<void> {
      await views.stop()
      await pool.end()
      await ledger.close()
      await postgres.stop()
    },
  }
}

function nameOf(key: Key): string {
  return key.slice(key.lastIndexOf(':') + 1)
}
