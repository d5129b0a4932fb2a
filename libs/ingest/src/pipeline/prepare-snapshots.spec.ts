import { connectorFor } from '@catena/connectors'
import { statedAt, statementsOf } from '@catena/directory'
import type { JsonObject, SourceInstance } from '@catena/domain'
import { MemoryLedger } from '@catena/ledger'
import { expect, it } from '@jest/globals'
import { keys } from '../fixtures/plain-connector.js'
import { frameWhole } from '../framing/framed.js'
import { prepareRecord } from './prepare.js'

const SOURCE: SourceInstance = { id: 'idp', kind: 'keycloak', scope: 'idp', federations: [], sharedIdentities: [], gaps: [] } // prettier-ignore
const keycloak = connectorFor('keycloak')
const DAY_MS = 86_400_000

function dated(day: number, enabled: boolean): string {
  const user = { id: 'u1', createdTimestamp: Date.UTC(2025, 0, 1), username: 'ada', enabled }
  return JSON.stringify({ at: new Date(day).toISOString(), user })
}

it('R3.3 a directory that says again what it said two days ago states it as of today', async () => {
  let now = Date.UTC(2026, 0, 1)
  const ledger = new MemoryLedger({ now: () => now })
  for (const enabled of [false, true, false]) {
    now += DAY_MS
    const framed = frameWhole(Buffer.from(dated(now - 1000, enabled)))!
    const locator = { door: 'http', request: 'r', index: 0 } as const
    const prepared = prepareRecord(framed, locator, now, { source: SOURCE, keys, connector: keycloak })
    const records = 'record' in prepared ? [prepared.record] : []
    expect(await ledger.append({ records, quarantined: [] })).toMatchObject({ stored: 1 })
    const facts = (await ledger.read(0, 10)).map((event) =>
      keycloak.interpret(
        { ...event, stream: event.sourceStream, payload: JSON.parse(String(event.payload)) as JsonObject },
        SOURCE,
      ),
    )
    expect(statedAt(statementsOf(facts, 'enabled'), now)?.value).toBe(enabled)
  }
})
