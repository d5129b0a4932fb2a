import { verifyLedger, type Finding, type Ledger } from '@catena/ledger'
import { TOPIC, type KafkaField } from './kafka-field.js'
import { idOf } from './kafka-feed.js'

const PAGE = 5_000

/** What became of everything that was sent. */
export interface Account {
  readonly sent: number
  /** Sent, and not in the ledger. */
  readonly lost: number
  /** More than once in the ledger. */
  readonly duplicated: number
  /** In the ledger, and never sent. */
  readonly strange: number
  readonly stored: number
  readonly repeated: number
  readonly quarantined: number
  readonly holes: number
  /** Lanes whose offsets are not all accounted for, or that end elsewhere than their partition. */
  readonly unbalanced: readonly string[]
  readonly findings: readonly Finding[]
}

/** Waits until the topic was read to its end, and then counts. */
export async function takeAccount(field: KafkaField): Promise<Account> {
  await field.untilRead()
  const expected = new Set([...field.sent.records].map(idOf))
  const ids = await storedIds(field.ledger)
  const kept = new Set(ids)
  return {
    sent: expected.size,
    lost: [...expected].filter((id) => !kept.has(id)).length,
    duplicated: ids.length - kept.size,
    strange: [...kept].filter((id) => !expected.has(id)).length,
    ...(await laneSums(field)),
    findings: (await verifyLedger(field.databaseUrl)).findings,
  }
}

/** Per partition: offsets consumed = stored + duplicates + quarantined + holes, up to the very end of the topic. */
async function laneSums({ ledger, admin }: KafkaField) {
  const [intake, lanes, ends] = await Promise.all([ledger.intake(), ledger.lanes(), admin.fetchTopicOffsets(TOPIC)])
  const sums = { stored: 0, repeated: 0, quarantined: 0, holes: 0, unbalanced: [] as string[] }
  for (const { lane, first, next, holes } of lanes.filter((one) => one.lane.startsWith('kafka:'))) {
    let accounted = holes
    for (const { stored, duplicates, quarantined } of intake.filter((one) => one.lane === lane)) {
      accounted += stored + duplicates + quarantined
      sums.stored += stored
      sums.repeated += duplicates
      sums.quarantined += quarantined
    }
    sums.holes += holes
    const partition = ends.find((end) => lane.endsWith(`/${TOPIC}/${end.partition}`))
    const isAtEnd = partition === undefined || String(next) === partition.high
    if (accounted !== Number(next - first) || !isAtEnd) sums.unbalanced.push(lane)
  }
  return sums
}

async function storedIds(ledger: Ledger): Promise<string[]> {
  const ids: string[] = []
  for (let after = 0; ;) {
    const page = await ledger.read(after, PAGE)
    if (page.length === 0) return ids
    ids.push(...page.map(({ recordId }) => recordId))
    after = page.at(-1)?.position ?? after
  }
}
