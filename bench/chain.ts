import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccessReader, CredentialEntry, KnownAsOf } from '@catena/projections'
import { warmUp } from '@catena/runtime'
import { quantilesOf, type Quantiles } from './ledger/figures.js'
import { multiplyRecords, zipf } from './multiply.js'
import { openStage } from './stage.js'
import { measureStandIn } from './stand-in.js'

const CREDENTIALS = 5_000
const PAGE = 50
const RUNS = 1_000
/** Pages between the first figures and the later ones. */
const BETWEEN = 4_000

export interface PageFigures extends Quantiles {
  readonly retrievals: number
  /** After some thousand more. */
  readonly later: Quantiles
  /** Of what takes as long and is no page: what its p99 has more than its median is the machine's. */
  readonly standIn: Quantiles
}

export interface PagesFigures {
  readonly median: PageFigures
  readonly hottest: PageFigures
}

export interface ChainFigures extends PagesFigures {
  /** With what was decided since, where the folder of another benchmark was read. */
  readonly records: number
}

/** A page of 50 chains, newest first, of the credential of median use and of the hottest one, among Zipf-distributed reads. */
export async function benchChain(records: number): Promise<ChainFigures> {
  const file = join(tmpdir(), `catena-bench-${process.pid}.log`)
  const rank = zipf(CREDENTIALS)
  await multiplyRecords(file, records, (serial) => `app-${rank(serial)}/key`)
  const stage = await openStage()
  try {
    await stage.feed(file)
    return { records, ...(await measureCredentials(stage.reader, CREDENTIALS)) }
  } finally {
    await stage.close()
    await rm(file, { force: true })
  }
}

/** The same over the records of an instance that `growth --folder` left. `credentials`: over how many its reads were spread. */
export async function benchChainIn(folder: string, credentials: number): Promise<ChainFigures> {
  if (!existsSync(folder)) throw new Error(`${folder} is not there: let \`growth --folder ${folder}\` fill it first`)
  const stage = await openStage({ folder })
  try {
    await stage.project()
    const records = (await stage.reader.asOf()).position
    return { records, ...(await measureCredentials(stage.reader, credentials)) }
  } finally {
    await stage.close()
  }
}

/** The hottest credential, and that of median use, or the next hotter one where nobody retrieved that yet; by a process that says that it is ready. */
export async function measureCredentials(reader: AccessReader, credentials: number): Promise<PagesFigures> {
  await warmUp(reader, new AbortController().signal)
  const asOf = await reader.asOf()
  const hottest = await credentialAt(reader, asOf, 0)
  const median = await credentialAt(reader, asOf, credentials / 2)
  return {
    median: await measurePages(reader, asOf, median),
    hottest: await measurePages(reader, asOf, hottest),
  }
}

async function credentialAt(reader: AccessReader, asOf: KnownAsOf, coldest: number): Promise<CredentialEntry> {
  for (let rank = coldest; rank >= 0; rank--) {
    const path = `app-${rank}/key`
    const { items } = await reader.credentials(asOf, { search: path }, { limit: 10 })
    const found = items.find(({ item }) => item.path === path)
    if (found === undefined) continue
    const retrieved = await reader.facts(asOf, { credential: found.item.id }, { limit: 1 })
    if (retrieved.items.length > 0) return found.item
  }
  throw new Error('no credential was retrieved')
}

async function measurePages(reader: AccessReader, asOf: KnownAsOf, credential: CredentialEntry): Promise<PageFigures> {
  const after = async (unmeasured: number): Promise<Quantiles> => {
    const times: number[] = []
    for (let run = 0; run < unmeasured + RUNS; run++) {
      const start = performance.now()
      await reader.chainsOf(asOf, { credential: credential.id }, { limit: PAGE })
      if (run >= unmeasured) times.push(performance.now() - start)
    }
    return quantilesOf(times, 2)
  }
  const first = await after(0)
  const later = await after(BETWEEN)
  const standIn = await measureStandIn(reader.pool, later.p50Ms, RUNS)
  return { retrievals: await count(reader, asOf, credential), ...first, later, standIn }
}

async function count(reader: AccessReader, asOf: KnownAsOf, credential: CredentialEntry): Promise<number> {
  let [total, after] = [0, undefined as readonly string[] | undefined]
  do {
    const page = await reader.facts(asOf, { credential: credential.id }, { limit: 5_000, after })
    total += page.items.length
    after = page.hasMore ? page.items.at(-1)?.place : undefined
  } while (after !== undefined)
  return total
}
