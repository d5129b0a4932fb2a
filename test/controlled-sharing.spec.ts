import { connectorFor } from '@catena/connectors'
import { makeKey, type Caller, type DecisionEvent, type Decider } from '@catena/domain'
import {
  authorityOver,
  CONTROLS,
  DUTIES_STREAM,
  evaluate,
  exclusiveDuties,
  HistoryReader,
  inventoryEntry,
  partyOf,
  PRIVILEGE_RULES_DEFAULT,
  SHARING,
  sharedUse,
  sharingStream,
  stewardship,
  stewardshipStream,
  usesIn,
  type CredentialHistory,
  type SharingKind,
  type StewardshipCommand,
} from '@catena/governance'
import { deriveIntakeKeys } from '@catena/ingest'
import { handleCommand, PostgresLedger } from '@catena/ledger'
import { DecisionViewRunner, type AccessReader } from '@catena/projections'
import { accessIndexRunner, DECISION_VIEWS, openReader } from '@catena/runtime'
import { feedRecording, openRecording, startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Minutes after the last recorded retrieval; everything is decided then, unless a scenario says otherwise. */
const START = Date.parse('2026-11-23T05:20:00Z')
const caller = (name: string): Caller => ({ id: `person:${name}`, name, kind: 'person', roles: [], keys: [makeKey('person', 'keycloak/tideline', name)] }) // prettier-ignore
const [chief, ana] = [caller('chief'), caller('ana')]

let now = START
let postgres: TestPostgres
let ledger: PostgresLedger
let reader: AccessReader
let views: DecisionViewRunner
let close: () => Promise<void>

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  ledger = new PostgresLedger({ databaseUrl, clock: { now: () => now } })
  const recording = await openRecording()
  await feedRecording(recording, ledger, deriveIntakeKeys(Buffer.alloc(32, 7)))
  const instance = { databaseUrl, ledger, interpretation: { sources: recording.sources, connectorFor } }
  const onError = (error: unknown): void => console.error(error)
  const index = accessIndexRunner(instance, onError)
  index.start()
  await index.caughtUp(await ledger.head())
  await index.stop()
  views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError })
  views.start()
  ;({ reader, close } = openReader(instance))
}, 240_000)
afterAll(async () => {
  await views.stop()
  await close()
  await ledger.close()
  await postgres.stop()
})

/** A credential of the recording, by its name. */
async function called(name: string): Promise<string> {
  const { items } = await reader.credentials(await reader.asOf(), {}, { limit: 100 })
  const found = items.find(({ item }) => `${item.containerName}${item.path}` === name)
  if (found === undefined) throw new Error(`the recording has no ${name}`)
  return found.item.id
}

async function decided(stream: string, decider: unknown, command: object, at: number): Promise<void> {
  now = at
  const rules = decider as Decider<unknown, object, DecisionEvent>
  const handled = await handleCommand(ledger, rules, { stream, command, by: { actor: chief.id, at } })
  now = START
  if ('refused' in handled) throw new Error(handled.message)
}
const share = (kind: SharingKind, id: string, command: object, at = START) => decided(sharingStream(kind, id), SHARING[kind], command, at) // prettier-ignore
const steward = (command: StewardshipCommand, at = START) => decided(stewardshipStream(command.credential), stewardship, command, at) // prettier-ignore

async function historyAt(credential: string, at: number): Promise<CredentialHistory> {
  await views.caughtUp(await ledger.head())
  // Decisions lie behind the last record; the index has followed as far as records go.
  const asOf = { ...(await reader.asOf()), position: await ledger.head() }
  const history = await new HistoryReader(reader).onDate(asOf, credential, at)
  if (history === undefined) throw new Error('nothing is known of it')
  return history
}

async function verdict(control: string, credential: string, at: number, parameters: Record<string, number> = {}) {
  const controls = CONTROLS.filter(({ id }) => id === control)
  const [result] = evaluate(await historyAt(credential, at), controls, { [control]: parameters }).results
  return result?.verdict ?? 'not applicable'
}

/** One that people alone obtained, each known by an own identity. */
async function readByPeople(): Promise<CredentialHistory> {
  const { items } = await reader.credentials(await reader.asOf(), {}, { limit: 100 })
  for (const { item } of items) {
    const history = await historyAt(item.id, START)
    const known = history.retrievals.filter(({ outcome }) => outcome === 'succeeded' || outcome === 'unknown')
    const isKnown = ({ accessor, path, actor }: (typeof known)[number]): boolean =>
      accessor.kind === 'person' && [path.state, actor.state].every((state) => state === 'proven' || state === 'inferred')
    if (known.length > 0 && known.every(isKnown)) return history
  }
  throw new Error('the recording has none that people alone read')
} // prettier-ignore

/** Asked for by Ana, and answered by the chief, an hour before anything was recorded of it. */
async function granted(id: string, credential: string, to: CredentialHistory['accessors'][number]['accessor'], until: number): Promise<void> {
  const at = START - 40 * DAY_MS
  const request = { credentials: [credential], to: to.keys[0]!, toName: to.name, toRole: false, reason: 'refunds', scope: 'refunds', from: at, until }
  await share('grant', id, { do: 'RequestAccess', request, party: partyOf(ana) }, at)
  await share('grant', id, { do: 'ApproveAccess', party: partyOf(chief), authority: { mayApprove: true } }, at + HOUR_MS)
} // prettier-ignore

describe('given recorded retrievals and what people decided, through ledger, views, walk and control', () => {
  it('R2.3 a copy that was declared with an older version is residual, one renewed since is not', async () => {
    const id = await called('secret/payments/stripe')
    expect(await verdict('residual-copies', id, START)).toBe('not applicable')
    await steward({ do: 'DeclareCopy', credential: id, kind: 'ci-variable', place: 'acme/shop STRIPE_KEY' })
    expect(await verdict('residual-copies', id, START + 1)).toBe('controlled')
    await steward({ do: 'DeclareCopy', credential: id, kind: 'runtime', place: 'old-host', version: 0 })
    expect(await verdict('residual-copies', id, START + 1)).toBe('uncontrolled')
    const { locations } = inventoryEntry(await historyAt(id, START + 1))
    expect(locations.filter(({ residual, basis }) => residual && basis === 'declared').map(({ place }) => place)).toEqual(['old-host']) // prettier-ignore
  }, 60_000)

  it('R2.4 a private key that several hold is a shared secret, and a copy beside the code is an exposure', async () => {
    const id = await called('secret/ci/cosign')
    await steward({ do: 'DeclareFacts', credential: id, facts: { kind: 'private-key' } })
    expect(await verdict('shared-private-key', id, START + 1)).toBe('uncontrolled')
    expect(await verdict('shared-private-key', id, START + 1, { placesMax: 50 })).toBe('controlled')
    await steward({ do: 'DeclareCopy', credential: id, kind: 'vault', place: 'dr-vault' })
    expect(await verdict('insecure-location', id, START + 1)).toBe('controlled')
    await steward({ do: 'DeclareCopy', credential: id, kind: 'code', place: 'acme/shop/.env' }, START + HOUR_MS)
    expect(await verdict('insecure-location', id, START + 2 * HOUR_MS)).toBe('uncontrolled')
    expect(await verdict('insecure-location', id, START + 1)).toBe('controlled')
  }, 60_000)

  it('R2.5 R1.11 who can take it out is known by name, or said not to be', async () => {
    const [fleet, own] = [await called('secret/ci/deploy'), await called('secret/data/dbt')]
    expect(await verdict('extraction-known', fleet, START)).toBe('unknown')
    expect(await verdict('extraction-known', own, START)).toBe('controlled')
    const { extractors } = inventoryEntry(await historyAt(own, START))
    expect(extractors.length).toBeGreaterThan(0)
  }, 60_000)

  it('R2.8 what no source shows is registered; its checkouts are shown as declared, and no control takes it for governed', async () => {
    const id = 'e'.repeat(32)
    await steward({ do: 'RegisterCredential', credential: id, system: 'paper/safe', path: 'vendor-portal' })
    await steward({ do: 'DeclareCheckout', credential: id, key: ana.keys[0]!, name: 'ana', from: START })
    const history = await historyAt(id, START + 1)
    expect([history.stewardship.checkouts.length, history.retrievals.length]).toEqual([1, 0])
    expect(await verdict('governed-not-only-visible', id, START + 1)).toBe('uncontrolled')
    expect(await verdict('identity-attribution', id, START + 1)).toBe('not applicable')
  }, 60_000)

  it('R2.9 what is privileged is so by a rule, which is told', async () => {
    const { items } = await reader.credentials(await reader.asOf(), {}, { limit: 100 })
    const rules = new Set<string>()
    for (const { item } of items) {
      const { privileged } = await historyAt(item.id, START)
      if (privileged !== undefined) rules.add(privileged.id)
      expect(await verdict('task-context', item.id, START)).not.toBe(privileged === undefined ? 'uncontrolled' : 'none')
    }
    expect(rules.size).toBeGreaterThan(0)
    expect(PRIVILEGE_RULES_DEFAULT.rules.map(({ id }) => id)).toEqual(expect.arrayContaining([...rules]))
  }, 60_000)

  it('R3.6 a migration ends with a cutover in its window, and is overdue without one', async () => {
    const [left, moved] = [await called('legacy/old-jenkins'), await called('legacy/ftp')]
    for (const [id, credential] of [['left', left], ['moved', moved]] as const)
      await share('migration', id, { do: 'OpenMigration', window: { credentials: [credential], until: START + DAY_MS, replacedBy: 'OIDC' } }) // prettier-ignore
    await share('migration', 'moved', { do: 'CutOver', words: 'jobs use OIDC' }, START + HOUR_MS)
    expect(await verdict('migration-cutover', left, START + HOUR_MS)).toBe('controlled')
    expect(await verdict('migration-cutover', left, START + 2 * DAY_MS)).toBe('uncontrolled')
    expect(await verdict('migration-cutover', moved, START + 2 * DAY_MS)).toBe('controlled')
  }, 60_000)

  it('R3.8 a signing key is lent for a release by another’s word, and fails when it is not rotated after it', async () => {
    const id = await called('transit/keys/app')
    const release = { credentials: [id], release: '4.2', from: START, until: START + HOUR_MS }
    await share('signing-release', 'r', { do: 'RequestRelease', party: partyOf(ana), release })
    expect(await verdict('release-key-rotated', id, START + 1)).toBe('uncontrolled')
    await share('signing-release', 'r', { do: 'ApproveRelease', party: partyOf(chief) }, START + 60_000)
    expect(await verdict('release-key-rotated', id, START + 2 * HOUR_MS)).toBe('controlled')
    expect(await verdict('release-key-rotated', id, START + 4 * DAY_MS)).toBe('uncontrolled')
  }, 60_000)

  it('R3.9 a job’s token has a day to end once the job is disabled', async () => {
    const id = await called('secret/ci/npm')
    await share('job-token', 'j', { do: 'TieJobToken', tied: { credentials: [id], job: 'nightly' } })
    expect(await verdict('job-token-revoked', id, START + 1)).toBe('not applicable')
    await share('job-token', 'j', { do: 'DisableJob', words: 'retired' }, START + HOUR_MS)
    expect(await verdict('job-token-revoked', id, START + 2 * HOUR_MS)).toBe('controlled')
    expect(await verdict('job-token-revoked', id, START + 2 * DAY_MS)).toBe('uncontrolled')
  }, 60_000)

  it('R3.10 R3.11 what leaked, or was sent in the open, is to be replaced; a report that was withdrawn counts no more', async () => {
    const [leaked, mailed] = [await called('secret/ci/sonar'), await called('secret/shared/wiki')]
    await share('exposure', 'l', { do: 'ReportExposure', report: { credentials: [leaked], how: 'scanner', exposedAt: START, words: 'in a log' } }) // prettier-ignore
    expect(await verdict('exposure-answered', leaked, START + 60_000)).toBe('controlled')
    expect(await verdict('exposure-answered', leaked, START + 2 * HOUR_MS)).toBe('uncontrolled')
    await share('exposure', 'l', { do: 'WithdrawExposure', reason: 'a test value' }, START + 3 * HOUR_MS)
    expect(await verdict('exposure-answered', leaked, START + 4 * HOUR_MS)).toBe('not applicable')
    expect(await verdict('exposure-answered', leaked, START + 2 * HOUR_MS)).toBe('uncontrolled')
    await share('exposure', 'm', { do: 'ReportExposure', report: { credentials: [mailed], how: 'insecure-sharing', exposedAt: START, words: 'a mail' } }) // prettier-ignore
    expect(await verdict('insecure-sharing', mailed, START + 1)).toBe('uncontrolled')
  }, 60_000)

  it('R5.8 each use of a shared account meets six conditions once another granted it for a time, and misses four without', async () => {
    const { id, accessors, retrievals } = await readByPeople()
    await steward({ do: 'DeclareFacts', credential: id, facts: { shared: true } })
    expect(await verdict('shared-account-use', id, START + 1)).toBe('uncontrolled')
    const use = retrievals[0]!
    const conditions = async () => sharedUse(await historyAt(id, START + 1), { ...use, end: { state: 'missing' } })
    const person = { individualConfirmed: true, attributable: true }
    expect(await conditions()).toEqual({ preventedByDefault: false, limitedInTime: false, justified: false, approved: false, ...person }) // prettier-ignore
    for (const [index, { accessor }] of accessors.entries()) await granted(`pci-${index}`, id, accessor, START + DAY_MS)
    expect(await conditions()).toEqual({ preventedByDefault: true, limitedInTime: true, justified: true, approved: true, ...person }) // prettier-ignore
    expect(await verdict('shared-account-use', id, START + 1)).toBe('controlled')
  }, 60_000)

  it('R5.10 who holds a credential does not approve for it where these duties exclude each other; another does', async () => {
    const id = await called('secret/shared/wiki')
    const engineer = (who: Caller): Caller => ({ ...who, roles: ['security-engineer'] })
    const lead = caller('lead')
    const authority = async (who: Caller) =>
      (await authorityOver({ streams: ledger, uses: usesIn(reader.pool) }, engineer(who), { credentials: [id], workflow: undefined }, START)).authority // prettier-ignore
    const grants = async () => (await historyAt(id, START + DAY_MS)).sharing.grants.map(({ approvedBy }) => approvedBy)
    const answer = async (who: Caller) => share('grant', 'duty', { do: 'ApproveAccess', party: partyOf(who), authority: await authority(who) }) // prettier-ignore
    await steward({ do: 'AddSteward', credential: id, key: chief.keys[0]!, name: 'chief', role: 'custodian' })
    expect(await authority(chief)).toEqual({ mayApprove: true })
    await decided(DUTIES_STREAM, exclusiveDuties, [['hold', 'approve']], START)
    const request = { credentials: [id], to: ana.keys[0]!, toName: 'ana', toRole: false, reason: 'r', from: START, until: START + DAY_MS } // prettier-ignore
    await share('grant', 'duty', { do: 'RequestAccess', request, party: partyOf(ana) })
    await answer(chief)
    expect(await grants()).toEqual([])
    expect(await authority(chief)).toEqual({ mayApprove: true, excludedBy: 'the duty to hold' })
    expect((await ledger.readStream(sharingStream('grant', 'duty'))).at(-1)?.type).toBe('ApprovalRefused')
    await answer(lead)
    expect(await grants()).toEqual(lead.keys)
  }, 60_000)

  it('R5.11 R5.4 an alert counts by its heartbeat, not by its declaration', async () => {
    const id = await called('secret/shared/wiki')
    const guarded = (at: number) => verdict('long-lived-guarded', id, at, { longLivedDays: 0.001 })
    await share('alert', 'a', {
      do: 'DeclareAlert',
      alert: { credentials: [id], name: 'anomaly', heartbeatMs: DAY_MS },
    })
    expect(await guarded(START + 1)).toBe('uncontrolled')
    await share('alert', 'a', { do: 'ReportAlert', test: true }, START + HOUR_MS)
    expect(await guarded(START + 2 * HOUR_MS)).toBe('unknown')
    expect(await guarded(START + 2 * DAY_MS)).toBe('uncontrolled')
  }, 60_000)

  it('R9.3 R3.12 an AI-enabled workflow has an owner, live monitoring and an escalation path, each of them', async () => {
    const id = await called('secret/data/dbt')
    const parts = { credentials: [id], name: 'agent', aiEnabled: true, owner: chief.keys[0]! }
    await share('sharing-workflow', 'w', { do: 'DeclareWorkflow', parts })
    await share('alert', 'b', { do: 'DeclareAlert', alert: { credentials: [id], name: 'agent', heartbeatMs: DAY_MS } })
    await share('alert', 'b', { do: 'ReportAlert', test: false })
    expect(await verdict('agent-workflow-owned', id, START + 1)).toBe('uncontrolled')
    await share('sharing-workflow', 'w', { do: 'DeclareWorkflow', parts: { ...parts, escalation: 'on call' } }, START + HOUR_MS) // prettier-ignore
    expect(await verdict('agent-workflow-owned', id, START + 2 * HOUR_MS)).toBe('controlled')
    expect(await verdict('agent-workflow-owned', id, START + 3 * DAY_MS)).toBe('uncontrolled')
    expect(await verdict('workflow-complete', id, START + 2 * HOUR_MS)).toBe('uncontrolled')
  }, 60_000)
})
