import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evaluate, HistoryReader } from '@catena/governance'
import { connect, systemClock } from '@catena/platform'
import { governanceFollowers, governanceRunner, warmUp } from '@catena/runtime'
import type pg from 'pg'
import { quantile } from './ledger/figures.js'
import { sampleMemory, type MemoryFigures } from './memory.js'
import { multiplyRecords, RecordMultiplier, zipf } from './multiply.js'
import { openStage, type Stage } from './stage.js'

/** Credentials whose verdict on a past date is asked for, by the length of their history. */
const DATED = 100
/** Longest history, in records, that the quick answer is promised for; a retrieval is two. */
const HISTORY_MAX = 5_000
const FILE_RECORDS_MAX = 100_000
const LATE_RECORDS = 5
const LATE_WAIT_MS = 60_000

export interface Phase {
  readonly ms: number
  /** Processor time of this process, which other load on the machine does not lengthen; the server's is its own. */
  readonly cpuMs: number
  /** Of this process, in this phase; with the embedded server's own memory beside it. */
  readonly peakMegabytes: number
}

export interface VerdictFigures extends MemoryFigures {
  readonly records: number
  readonly credentials: number
  /** Accesses among the records: reads, leases and the like, one chain each. */
  readonly accesses: number
  /** Credentials that were judged. */
  readonly judged: number
  /** Files into ledger and access index. */
  readonly ingest: Phase
  /** From ledger and access index alone: chains walked and summed, then all verdicts made and recorded. */
  readonly fromNothing: {
    readonly summaries: Phase
    readonly summariesMsPerAccess: number
    readonly verdicts: Phase
    readonly verdictsMsPerCredential: number
  }
  /** Events of the ledger by which verdicts and findings were recorded, and what the summary takes to pass over them. */
  readonly recorded: { readonly events: number; readonly passed: Phase }
  /** All verdicts once more, from what is kept. */
  readonly fromFolded: Phase & { readonly msPerCredential: number }
  /** One credential a second after the middle of its history, in a process that says that it is ready: all its chains up to then are walked. */
  readonly dated: DatedFigures
  /** The same verdicts once more, in a process that has made them before. */
  readonly datedLater: DatedFigures
  readonly datedHottest: { readonly records: number; readonly ms: number }
  /** From a file with a new record to its verdict, everything running. */
  readonly recordToVerdictMs: { readonly median: number; readonly worst: number }
}

export interface DatedFigures {
  readonly longestRecords: number
  readonly p50Ms: number
  readonly p95Ms: number
}

/** Verdicts over Zipf-distributed reads of so many credentials: all of them, of past dates, and of a record that just came. */
export async function benchVerdicts(records: number, credentials: number): Promise<VerdictFigures> {
  const rank = zipf(credentials)
  const multiplier = await RecordMultiplier.open((serial) => `app-${rank(serial)}/key`)
  const stage = await openStage()
  try {
    const ingest = await phase('ingest', () => feed(stage, multiplier, records))
    const client = await connect(stage.instance.databaseUrl, { applicationName: 'catena-bench', statementTimeoutMs: 0 })
    return await measure(stage, client, { records, credentials, ingest }).finally(() => client.end())
  } finally {
    await stage.close()
  }
}

/** Over the records of an instance that another benchmark left (`growth --folder`), none of which may have been summed up or judged yet. */
export async function benchVerdictsIn(folder: string): Promise<VerdictFigures> {
  if (!existsSync(folder)) throw new Error(`${folder} is not there: let \`growth --folder ${folder}\` fill it first`)
  const stage = await openStage({ folder })
  try {
    const ingest = await phase('read models', () => stage.project())
    const client = await connect(stage.instance.databaseUrl, { applicationName: 'catena-bench', statementTimeoutMs: 0 })
    const measured = async (): Promise<VerdictFigures> => {
      if ((await countOf(client, 'governance.retrieval')) > 0)
        throw new Error(`what ${folder} holds was summed up before: fill another`)
      const records = await countOf(client, 'event')
      const credentials = await countOf(client, 'access_credential')
      return measure(stage, client, { records, credentials, ingest })
    }
    return await measured().finally(() => client.end())
  } finally {
    await stage.close()
  }
}

/** File by file, so that the benchmark takes no disk of its own. */
async function feed(stage: Stage, multiplier: RecordMultiplier, records: number): Promise<void> {
  const file = join(tmpdir(), `catena-bench-${process.pid}.log`)
  try {
    for (let fed = 0; fed < records; fed += FILE_RECORDS_MAX) {
      await multiplier.write(file, Math.min(FILE_RECORDS_MAX, records - fed))
      await stage.feed(file)
    }
  } finally {
    await rm(file, { force: true })
  }
}

async function phase(name: string, work: () => Promise<unknown>): Promise<Phase> {
  const memory = sampleMemory()
  try {
    const [start, used] = [performance.now(), process.cpuUsage()]
    await work()
    const ms = Math.round(performance.now() - start)
    const { user, system } = process.cpuUsage(used)
    const figures = { ms, cpuMs: Math.round((user + system) / 1_000), peakMegabytes: memory.stop().peakMegabytes }
    process.stderr.write(`${name} ${JSON.stringify(figures)}\n`)
    return figures
  } finally {
    memory.stop()
  }
}

async function measure(
  stage: Stage,
  client: pg.Client,
  given: Pick<VerdictFigures, 'records' | 'credentials' | 'ingest'>,
): Promise<VerdictFigures> {
  const memory = sampleMemory()
  try {
    const summaries = await phase('summaries', () => followed(stage, client, 'access-summary'))
    const before = await stage.instance.ledger.head()
    const verdicts = await phase('first verdicts', () => followed(stage, client, 'verdicts'))
    const events = (await stage.instance.ledger.head()) - before
    await stage.project()
    const passed = await phase('passing over', () => followed(stage, client, 'access-summary'))
    const { rowCount } = await client.query(
      'INSERT INTO governance.stale_credential (credential, position) SELECT credential, 1 FROM governance.evaluation ON CONFLICT DO NOTHING',
    )
    const judged = rowCount ?? 0
    const accesses = await countOf(client, 'governance.retrieval')
    const each = ({ ms }: Phase, count = judged): number => Math.round((1000 * ms) / count) / 1000
    const folded = await phase('folded', () => followed(stage, client, 'verdicts'))
    return {
      ...given,
      accesses,
      judged,
      fromNothing: {
        summaries,
        summariesMsPerAccess: each(summaries, accesses),
        verdicts,
        verdictsMsPerCredential: each(verdicts),
      },
      recorded: { events, passed },
      fromFolded: { ...folded, msPerCredential: each(folded) },
      ...(await measureDated(stage, client)),
      recordToVerdictMs: await measureLate(stage, client),
      ...memory.stop(),
    }
  } finally {
    memory.stop()
  }
}

async function countOf(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`)
  return rows[0]?.count ?? 0
}

/** Lets one follower of governance do all that it has to do. */
async function followed({ instance, reader }: Stage, client: pg.Client, name: string): Promise<void> {
  const follower = governanceFollowers(instance, reader).find((each) => each.name === name)
  if (follower === undefined) throw new Error(`governance has no part ${name}`)
  while (await follower.follow(client));
}

interface Used {
  readonly credential: string
  readonly retrievals: number
  readonly middle: number
}

async function measureDated(
  { reader }: Stage,
  client: pg.Client,
): Promise<Pick<VerdictFigures, 'dated' | 'datedLater' | 'datedHottest'>> {
  const { rows } = await client.query<Used>(
    `SELECT replace(credential::text, '-', '') AS credential, count(*)::int AS retrievals,
       (percentile_disc(0.5) WITHIN GROUP (ORDER BY at_us) / 1000 + 1000)::float8 AS middle
     FROM governance.retrieval JOIN access_credential USING (credential) GROUP BY credential ORDER BY count(*) DESC, credential`,
  )
  const within = rows.filter(({ retrievals }) => 2 * retrievals <= HISTORY_MAX).slice(0, DATED)
  const [hottest, longest] = [rows[0], within[0]]
  if (hottest === undefined || longest === undefined) throw new Error('nothing was retrieved')
  const judged = async (): Promise<DatedFigures> => {
    const times: number[] = []
    for (const used of within) times.push(await judgedOn(reader, used))
    const ms = (q: number): number => Math.round(quantile(times, q))
    return { longestRecords: 2 * longest.retrievals, p50Ms: ms(0.5), p95Ms: ms(0.95) }
  }
  await warmUp(reader, new AbortController().signal)
  const [dated, datedLater] = [await judged(), await judged()]
  return { dated, datedLater, datedHottest: { records: 2 * hottest.retrievals, ms: Math.round(await judgedOn(reader, hottest)) } } // prettier-ignore
}

async function judgedOn(reader: Stage['reader'], { credential, middle }: Used): Promise<number> {
  const start = performance.now()
  const history = await new HistoryReader(reader).onDate(await reader.asOf(), credential, middle)
  if (history === undefined) throw new Error(`nothing is known of ${credential}`)
  evaluate(history)
  return performance.now() - start
}

async function measureLate(stage: Stage, client: pg.Client): Promise<VerdictFigures['recordToVerdictMs']> {
  const failed = (error: unknown): never => {
    throw error
  }
  const runner = governanceRunner(stage.instance, stage.reader, failed)
  runner.start()
  try {
    const times: number[] = []
    for (let number = 0; number < LATE_RECORDS; number++) times.push(await lateVerdict(stage, client))
    times.sort((a, b) => a - b)
    return { median: Math.round(times[times.length >> 1] ?? 0), worst: Math.round(times.at(-1) ?? 0) }
  } finally {
    await runner.stop()
  }
}

/** A read of a credential that nobody read before, until it has a verdict. */
async function lateVerdict(stage: Stage, client: pg.Client): Promise<number> {
  const file = join(tmpdir(), `catena-bench-late-${process.pid}.log`)
  const path = `late-${randomUUID()}/key`
  try {
    await multiplyRecords(file, 1_000, () => path)
    const lines = (await readFile(file, 'utf8')).split('\n')
    const shows = [`"path":"secret/data/${path}"`, '"type":"response"', '"operation":"read"']
    const read = lines.find((line) => shows.every((text) => line.includes(text)) && !line.includes('"error":'))
    if (read === undefined) throw new Error('the recording reads no secret')
    await writeFile(file, `${read.replace(/"id":"[0-9a-f-]{36}"/, `"id":"${randomUUID()}"`)}\n`)
    const start = systemClock.now()
    await stage.feed(file)
    while (!(await hasVerdict(client, path)))
      if (systemClock.now() - start > LATE_WAIT_MS) throw new Error(`${path} has no verdict after a minute`)
    return systemClock.now() - start
  } finally {
    await rm(file, { force: true })
  }
}

async function hasVerdict(client: pg.Client, path: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM governance.evaluation JOIN access_credential USING (credential) WHERE path = $1`,
    [path],
  )
  return (rowCount ?? 0) > 0
}
