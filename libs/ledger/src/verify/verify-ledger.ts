import { isDeepStrictEqual } from 'node:util'
import { asDatabaseError, createPool, isTransient } from '@catena/platform'
import type pg from 'pg'
import { declaredRanges, type DeclaredRange } from '../archive/declaration.js'
import { LedgerUnavailable } from '../errors.js'
import { checkAccounts, readAccounts, type Accounts } from './accounts.js'
import { checkArchives } from './check-archives.js'
import { checkKeysInto } from './check-keys.js'
import { checkReleases } from './check-releases.js'
import { checkStreams } from './check-streams.js'
import { EventWalk, type WalkOptions } from './event-walk.js'
import { Findings, FINDINGS_MAX, type Finding } from './finding.js'

export interface VerifyOptions extends WalkOptions {
  /** First position; 1 where absent. */
  readonly from?: number
  /** Last position; the head where absent. */
  readonly to?: number
  /** Where the files of detached ranges are, each in any of them; without it their declarations are checked, the files not. */
  readonly archiveFolders?: readonly string[]
}

export interface Verification {
  readonly from: number
  readonly to: number
  /** Events read, erased ones included. */
  readonly events: number
  readonly erased: number
  /** Records that stand in files. */
  readonly detached: number
  /** Empty: nothing is wrong. At most FINDINGS_MAX. */
  readonly findings: readonly Finding[]
  readonly findingsCount: number
}

/**
 * Reads the ledger against its own rules, page by page, while appends go on. Counters, streams and the conservation law are checked when
 * the range is the whole ledger. It finds every edit that did not also recompute hashes and counters; those that did are found by the
 * published checkpoints of the evidence tree. Throws LedgerUnavailable.
 */
export async function verifyLedger(databaseUrl: string, options: VerifyOptions = {}): Promise<Verification> {
  const pool = createPool(databaseUrl, { applicationName: 'catena-verify', max: 2 })
  try {
    return await verify(pool, options)
  } catch (error) {
    throw isTransient(error) ? new LedgerUnavailable(asDatabaseError(error, databaseUrl)) : error
  } finally {
    await pool.end()
  }
}

/** What was detached or attached meanwhile looks like a loss: then it is looked at once more. */
async function verify(pool: pg.Pool, options: VerifyOptions): Promise<Verification> {
  for (;;) {
    const archives = await declaredRanges(pool)
    const verification = await verifyBeside(archives, pool, options)
    if (isDeepStrictEqual(await declaredRanges(pool), archives)) return verification
  }
}

async function verifyBeside(
  archives: readonly DeclaredRange[],
  pool: pg.Pool,
  options: VerifyOptions,
): Promise<Verification> {
  const accounts = await readAccounts(pool)
  const from = Math.max(options.from ?? 1, 1)
  const to = Math.min(options.to ?? accounts.head, accounts.head)
  const findings = new Findings()
  const walk = new EventWalk(pool, archives, findings, options)
  await walk.run(from, to)
  if (options.keys !== 'sampled') addAll(findings, await checkKeysInto(pool, from, to, FINDINGS_MAX))
  if (from === 1 && to === accounts.head) addAll(findings, await checkWhole(pool, accounts, archives, walk, options))
  return {
    from,
    to,
    events: walk.events,
    erased: walk.erased,
    detached: walk.detached,
    findings: findings.list,
    findingsCount: findings.count,
  }
}

async function checkWhole(
  pool: pg.Pool,
  accounts: Accounts,
  archives: readonly DeclaredRange[],
  walk: EventWalk,
  options: VerifyOptions,
): Promise<Finding[]> {
  return [
    ...checkHead(accounts),
    ...(await checkArchives(archives, options.archiveFolders)),
    ...(await checkStreams(pool, FINDINGS_MAX)),
    ...(await checkReleases(pool, FINDINGS_MAX)),
    ...checkAccounts(accounts, recordsOf(walk, archives)),
  ]
}

/** A highest position below the head is found as missing events. */
function checkHead({ head, highest }: Accounts): Finding[] {
  if (highest <= head) return []
  return [{ kind: 'event-beyond-head', position: head + 1, last: highest, detail: `the head stands at ${head}` }]
}

function recordsOf(walk: EventWalk, archives: readonly DeclaredRange[]): Map<string, number> {
  const counts = new Map(walk.recordsOf)
  for (const { manifest } of archives) {
    for (const [source, count] of Object.entries(manifest?.records ?? {}))
      counts.set(source, (counts.get(source) ?? 0) + count)
  }
  return counts
}

function addAll(findings: Findings, found: readonly Finding[]): void {
  for (const finding of found) findings.add(finding)
}
