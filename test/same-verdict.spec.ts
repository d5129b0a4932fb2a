import { MemoryFacts, walk, WALK_DEFAULTS } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import type { Activity, SourceKind } from '@catena/domain'
import {
  evaluate,
  Hops,
  retrievalOf,
  summarise,
  type CredentialHistory,
  type SlotChange,
  type Verdict,
} from '@catena/governance'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw } from '../libs/connectors/src/fixture-cases.js'
import { ana, history, person } from '../libs/governance/src/testing/histories.js'
import { given, sourceOf, type Given } from './walked-records.js'

const DAY_MS = 86_400_000
const KEYCLOAK = sourceOf('keycloak', { heartbeatSeconds: 7_200 })

/** The same retrieval as one vault records it: what came before, the reading, and how that vault records that a secret was made anew. */
interface Telling {
  readonly before: readonly Given[]
  readonly read: Given
  readonly written: Given
}

function telling(kind: SourceKind, read: string, written: string, before: readonly Given[] = []): Telling {
  return { before, read: given(sourceOf(kind), read), written: given(sourceOf(kind), written) }
}

const signedIn = (time: string, userId: string, username: string): Given =>
  given(KEYCLOAK, 'login', { time: Date.parse(time), userId, 'details.username': username })
const logonTime = (time: string) => ({ 'syslog.audit_record.IsoTimestamp': time })

/** No record names who is behind it. */
const BY_NOBODY_KNOWN: Readonly<Record<string, Telling>> = {
  'HashiCorp Vault': telling('vault', 'read-kv2', 'write-kv2'),
  'AWS Secrets Manager': telling('aws-cloudtrail', 'get-secret-value-fields-missing', 'put-secret-value'),
  'Azure Key Vault': telling('azure-key-vault', 'secret-read-fields-missing', 'secret-set'),
  'Google Secret Manager': telling('google-cloud', 'secret-read', 'secret-version-added'),
  CyberArk: telling('cyberark', 'retrieve-password', 'change-password'),
  '1Password': telling('onepassword', 'item-revealed', 'item-written'),
}

/** A person is behind it: named by the record, or by the sign-in that leads to it. */
const BY_A_PERSON: Readonly<Record<string, Telling>> = {
  'Azure Key Vault': telling('azure-key-vault', 'secret-read', 'secret-set'),
  CyberArk: {
    before: [
      signedIn('2026-11-23T07:00:00Z', 'petra-id', 'petra'),
      given(sourceOf('cyberark'), 'logon', logonTime('2026-11-23T07:01:00Z')),
    ],
    read: given(sourceOf('cyberark'), 'retrieve-password', logonTime('2026-11-23T07:10:00Z')),
    written: given(sourceOf('cyberark'), 'change-password'),
  },
  '1Password': telling('onepassword', 'item-revealed', 'item-written', [
    given(KEYCLOAK, 'directory-user', { id: 'lena-id', username: 'lena', email: 'lena@tideline.example' }),
    signedIn('2026-11-23T08:00:00Z', 'lena-id', 'lena'),
    given(sourceOf('onepassword'), 'sign-in-sso'),
  ]),
}

interface Story {
  readonly rotatedDaysAgo: number
  readonly owned: boolean
}

const NEGLECTED: Story = { rotatedDaysAgo: 100, owned: false }
const KEPT: Story = { rotatedDaysAgo: 10, owned: true }

function interpret({ source, text }: Given, position: number): Activity {
  return interpretRaw(connectorFor(source.kind), source, text, { position, recordId: `record-${position}` })
}

/** A day after the reading, from the records of one vault. */
async function historyFrom(
  { before, read, written }: Telling,
  { rotatedDaysAgo, owned }: Story,
): Promise<CredentialHistory> {
  const [reading, writing] = [interpret(read, 1), interpret(written, 2)]
  const at = reading.occurredAt + DAY_MS
  const facts = new MemoryFacts()
  for (const activity of [reading, ...before.map((one, index) => interpret(one, index + 3))]) facts.add(activity)
  const sources = [...new Map([...before, read].map(({ source }) => [source.id, source])).values()]
  const index = facts.at({ position: before.length + 2 })
  const known = await index.facts([reading.factId])
  const chains = await walk(index, [known.get(reading.factId)!], { ...WALK_DEFAULTS, sources })
  const retrievals = chains.map((chain) => retrievalOf(chain, new Hops(known)))
  const changes: SlotChange[] =
    writing.kind === 'secret-written'
      ? [{ at: at - rotatedDaysAgo * DAY_MS, how: 'written', positions: writing.positions }]
      : []
  const { system, container, path } = reading.target!
  const readers = retrievals.flatMap(({ accessor }) => accessor.keys).filter((key) => key.startsWith('person:'))
  return history({
    at,
    slot: { system, path, ...(container === undefined ? {} : { container }) },
    firstSeenAt: at - 400 * DAY_MS,
    retrievals,
    accessors: summarise('c'.repeat(32), retrievals),
    changes,
    people: Object.fromEntries([...readers, ana].map((key) => [key, person(key)])),
    sources: [
      { id: read.source.id, kind: read.source.kind, coverage: { from: at - 500 * DAY_MS, to: at - 60_000 }, gaps: [] },
    ],
    ...(owned ? { owner: { key: ana, name: 'ana', at: at - 300 * DAY_MS, by: 'x' } } : {}),
  })
}

async function verdictsOf(told: Telling, story: Story): Promise<Record<string, Verdict>> {
  const { verdict, results } = evaluate(await historyFrom(told, story))
  return { 'all together': verdict, ...Object.fromEntries(results.map((one) => [one.control, one.verdict])) }
}

async function inEach(tellings: Readonly<Record<string, Telling>>, story: Story) {
  return Promise.all(
    Object.entries(tellings).map(async ([vault, told]) => [vault, await verdictsOf(told, story)] as const),
  )
}

describe.each([
  ['nobody known read it', BY_NOBODY_KNOWN, 'uncontrolled'],
  ['a person read it', BY_A_PERSON, 'controlled'],
] as const)('the same sharing, told by each vault: %s', (_, tellings, attribution) => {
  it('R5.5 has the same verdicts, control by control, where it is neglected', async () => {
    const [first, ...others] = await inEach(tellings, NEGLECTED)
    expect(first![1]).toMatchObject({
      'identity-attribution': attribution,
      'owner-accountable': 'uncontrolled',
      'rotation-age': 'uncontrolled',
      'all together': 'uncontrolled',
    })
    for (const [vault, verdicts] of others) expect([vault, verdicts]).toEqual([vault, first![1]])
  })

  it('R5.5 has the same verdicts, control by control, where it is kept in order', async () => {
    const [first, ...others] = await inEach(tellings, KEPT)
    expect(first![1]).toMatchObject({
      'identity-attribution': attribution,
      'owner-accountable': 'controlled',
      'rotation-age': 'controlled',
    })
    for (const [vault, verdicts] of others) expect([vault, verdicts]).toEqual([vault, first![1]])
  })
})
