import { credentialKey, type Instant, type Key } from '@catena/domain'
import { FactDirectory } from '@catena/directory'
import type { FactIndex } from '@catena/access-chain'
import type { AccessReader, CredentialEntry, KnownAsOf } from '@catena/projections'
import { isAfter, summarise, type AccessSummary } from '../access-summary/access-summary.js'
import { newestRetrievals, summariesOf, summaryPosition } from '../access-summary/read-summaries.js'
import { walkRetrievals } from '../access-summary/summary-projection.js'
import { readOwnershipRules, readStewardships } from '../ownership/read-stewardship.js'
import { ownerOf } from '../ownership/rules.js'
import { UNSTEWARDED } from '../ownership/state.js'
import { PRIVILEGE_RULES_DEFAULT, privilegeOf } from '../privilege/privilege-rules.js'
import {
  RETRIEVALS_MAX,
  type CredentialHistory,
  type PersonRecord,
  type SlotChange,
  type SourceRecord,
} from './credential-history.js'
import { isPerson } from './questions.js'
import type { Retrieval } from './retrieval.js'
import { readSharing } from '../sharing/read-sharing.js'
import { sharingRecordOf } from '../sharing/sharing-record.js'

const CHANGES: Readonly<Partial<Record<string, SlotChange['how']>>> = {
  'secret-written': 'written',
  'secret-deleted': 'deleted',
  'secret-destroyed': 'destroyed',
  'secret-restored': 'restored',
}
/** Chains walked at once. */
const PAGE = 400

type Chains = Pick<CredentialHistory, 'accessors' | 'retrievals' | 'older'>

/** Histories of credentials, each as of a cut and a moment. Reads only. */
export class HistoryReader {
  constructor(private readonly reader: AccessReader) {}

  /** From the rows that are kept, at the position that they stand at. Ids that no record and nobody speaks of are left out. */
  async current(credentials: readonly string[], at: Instant): Promise<CredentialHistory[]> {
    const position = await summaryPosition(this.reader.pool)
    const asOf = await this.reader.asOf({ knownAt: (await this.reader.asOf()).cut })
    const [summaries, newest] = [
      await summariesOf(this.reader.pool, credentials),
      await newestRetrievals(this.reader.pool, credentials, RETRIEVALS_MAX + 1),
    ]
    const known = { ...asOf, position: Math.min(position, asOf.position) }
    const histories: CredentialHistory[] = []
    for (const id of credentials) {
      const entry = await this.reader.credential(known, id)
      const chains = chainsOf(summaries.get(id) ?? [], newest.get(id) ?? [])
      const history = await this.assemble(known, id, entry, chains, at, known.position)
      if (history !== undefined) histories.push(history)
    }
    return histories
  }

  /** By walking all its chains: of any moment, as known at any cut. Decisions count from when they were recorded. */
  async onDate(asOf: KnownAsOf, id: string, at: Instant): Promise<CredentialHistory | undefined> {
    const dated = { ...asOf, validAt: Math.min(at, asOf.validAt ?? Infinity) }
    const entry = await this.reader.credential(dated, id)
    const retrievals = entry === undefined ? [] : await this.walkAll(dated, id)
    const own = retrievals.filter(({ container }) => container).map(({ retrieval }) => retrieval)
    const all = retrievals.map(({ retrieval }) => retrieval).sort((a, b) => (isAfter(a, b) ? -1 : 1))
    const chains = chainsOf(summarise(id, own), all.slice(0, RETRIEVALS_MAX + 1))
    return this.assemble(dated, id, entry, chains, at, await this.decidedBy(dated.position, at))
  }

  private async walkAll(asOf: KnownAsOf, credential: string): Promise<{ retrieval: Retrieval; container: boolean }[]> {
    const all: { retrieval: Retrieval; container: boolean }[] = []
    let after: readonly string[] | undefined
    for (;;) {
      const page = await this.reader.facts(asOf, { credential }, { limit: PAGE, after })
      const facts = page.items.map(({ item }) => item)
      for (const { retrieval, fact } of await walkRetrievals(this.reader, asOf, facts))
        all.push({ retrieval, container: fact.target?.container !== undefined })
      after = page.items.at(-1)?.place
      if (!page.hasMore || after === undefined) return all
    }
  }

  private async assemble(
    asOf: KnownAsOf,
    id: string,
    entry: CredentialEntry | undefined,
    chains: Chains,
    at: Instant,
    decided: number,
  ): Promise<CredentialHistory | undefined> {
    const index = this.reader.index(asOf)
    const stewardship = (await readStewardships(this.reader.pool, decided, [id])).get(id) ?? UNSTEWARDED
    const { registration } = stewardship
    const slot =
      entry === undefined ? registration : { system: entry.system, container: entry.containerName, path: entry.path }
    if (slot === undefined) return undefined
    const owner = ownerOf(stewardship, await readOwnershipRules(this.reader.pool, decided), slot)
    const policies = chains.accessors.flatMap((one) => one.policies)
    const privileged = privilegeOf(PRIVILEGE_RULES_DEFAULT, {
      slot,
      policies,
      reaches: stewardship.declared.reaches ?? [],
    })
    const keys = chains.accessors.flatMap(({ accessor }) => accessor.keys)
    const persons = [...keys, ...(owner === undefined ? [] : [owner.key])].filter(isPerson)
    const directory = new FactDirectory(
      index,
      this.reader.settings.sources.map(({ kind, scope }) => `${kind}/${scope}`),
    )
    const workloads = [...keys, ...(owner === undefined ? [] : [owner.key])].filter((key) => !isPerson(key))
    const changes = entry === undefined ? [] : await changesOf(index, entry)
    const decisions = await readSharing(this.reader.pool, [id], { position: asOf.position, validAt: at })
    const rotations = changes.filter(({ how }) => how !== 'restored')
    return {
      id,
      slot,
      position: asOf.position,
      at,
      ...chains,
      ...(entry === undefined ? {} : { firstSeenAt: entry.firstSeenAt }),
      changes,
      stewardship,
      ...(owner === undefined ? {} : { owner }),
      ...(privileged === undefined ? {} : { privileged }),
      people: await peopleOf(directory, [...new Set(persons)], at),
      sponsors: Object.fromEntries(await directory.sponsorsOf([...new Set(workloads)], at)),
      sources: await this.sourcesOf(index, slot.system),
      sharing: sharingRecordOf(decisions.get(id) ?? [], rotations),
    }
  }

  private async sourcesOf(index: FactIndex, system: string): Promise<SourceRecord[]> {
    const own = this.reader.settings.sources.filter(({ kind, scope }) => `${kind}/${scope}` === system)
    return Promise.all(
      own.map(async ({ id, kind, heartbeatSeconds, gaps }) => {
        const coverage = await index.coverage(id)
        return {
          id,
          kind,
          gaps,
          ...(coverage === undefined ? {} : { coverage }),
          ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
        }
      }),
    )
  }

  /** Last position recorded by then: what was decided later was not in force. */
  private async decidedBy(position: number, at: Instant): Promise<number> {
    const { rows } = await this.reader.pool.query<{ position: string }>({
      name: 'decided-by',
      text: `SELECT position FROM event WHERE stream_version IS NOT NULL AND position <= $1 AND recorded_at <= to_timestamp($2::float8 / 1000)
        ORDER BY position DESC LIMIT 1`,
      values: [position, at],
    })
    return Number(rows[0]?.position ?? 0)
  }
}

function chainsOf(accessors: readonly AccessSummary[], newest: readonly Retrieval[]): Chains {
  return { accessors, retrievals: newest.slice(0, RETRIEVALS_MAX), older: newest.length > RETRIEVALS_MAX }
}

async function changesOf(index: FactIndex, { system, container, path }: CredentialEntry): Promise<SlotChange[]> {
  const key = credentialKey({ system, path, ...(container === undefined ? {} : { container }) })
  if (key === undefined) return []
  const facts = (await index.factsBy([{ key }], 'ends')).get(key) ?? []
  return facts
    .filter(({ outcome }) => outcome === 'succeeded')
    .flatMap(({ kind, occurredAt, attributes, positions }) => {
      const how = CHANGES[kind]
      if (how === undefined) return []
      return [
        {
          at: occurredAt,
          how,
          positions,
          ...(typeof attributes.version === 'number' ? { version: attributes.version } : {}),
        },
      ]
    })
    .sort((a, b) => a.at - b.at)
}

async function peopleOf(
  directory: FactDirectory,
  persons: readonly Key[],
  at: Instant,
): Promise<Record<Key, PersonRecord>> {
  const entries = await directory.entries(persons, at)
  const changes = await directory.changesOf(persons, { from: -Infinity, to: at + 1 })
  const groups = await directory.groupsOf(persons, at)
  const records = [...entries].map(([key, { name, employment }]): [Key, PersonRecord] => [
    key,
    {
      key,
      name,
      employment,
      changes: changes.filter(({ person }) => person === key),
      memberships: groups.get(key) ?? [],
    },
  ])
  return Object.fromEntries(records)
}
