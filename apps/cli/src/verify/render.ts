import type { Finding, LookedAt, Verification } from '@catena/ledger'
import type { AccessIndexVerification, ReadModelDifference } from '@catena/projections'
import { count, counted } from '../terminal/numbers.js'
import { paint, plain, type Paper, type Span } from '../terminal/paint.js'
import { paintTable, type Column } from '../terminal/table.js'
import { show } from '../trace/json.js'
import type { BesideLedger } from './beside.js'

export interface Verified {
  readonly ledger: Verification
  readonly beside: BesideLedger
  /** undefined: not asked for. */
  readonly readModels: AccessIndexVerification | undefined
  /** Last position of the ledger when it was read. */
  readonly head: number
  readonly elapsedMs: number
  /** False: of some positions only, so counters and streams were not looked at. */
  readonly isWhole: boolean
  /** Were the files of detached ranges looked at? */
  readonly readsArchives: boolean
  /** What comes after the ledger could not be read. */
  readonly isUnfinished?: true
}

/** Findings shown to people; --json lists more. */
const SHOWN_MAX = 50

const COLUMNS: readonly Column[] = [
  { title: 'position', align: 'right' },
  { title: 'finding', align: 'left' },
  { title: 'detail', align: 'left' },
]

const ARCHIVES_UNREAD = 'What is in archives was not looked at: say by --archives <folder> where the files lie.'

const ACCESSES_UNMADE =
  'What is kept of accesses was not looked at: it is not made yet, or is of another version. Start `catena up`.'

const UNFINISHED = '✗ what stands beside the ledger could not be read, so nothing is said of it'

/** An index that holds nothing of a ledger that holds something was not compared, so it does not pass. */
export function isSound({ ledger, beside, readModels, head, isUnfinished }: Verified): boolean {
  if (isUnfinished) return false
  if (Object.values(beside).some(({ findingsCount }: LookedAt) => findingsCount > 0)) return false
  const isCompared = readModels === undefined || readModels.position > 0 || head === 0
  return ledger.findingsCount === 0 && isCompared && (readModels?.count ?? 0) === 0
}

export function renderVerified(verified: Verified, paper: Paper): string {
  const { ledger, beside, readModels, head, elapsedMs, isWhole, readsArchives } = verified
  const parts = [ledgerLines(ledger, elapsedMs, paper)]
  if (!isWhole)
    parts.push(
      paint(
        [plain('Counters, streams, archives, feed and campaigns are looked at only with the whole ledger.')],
        paper,
      ),
    )
  else if (ledger.detached > 0 && !readsArchives) parts.push(paint([{ text: ARCHIVES_UNREAD, style: 'yellow' }], paper))
  parts.push(...besideLines(beside, paper))
  if (beside.accesses?.isMade === false && head > 0)
    parts.push(paint([{ text: ACCESSES_UNMADE, style: 'yellow' }], paper))
  if (verified.isUnfinished) parts.push(paint([{ text: UNFINISHED, style: 'red' }], paper))
  if (readModels !== undefined) parts.push(readModelLines(readModels, head, paper))
  return `${parts.join('\n')}\n`
}

function ledgerLines(
  { from, to, events, erased, detached, findings, findingsCount }: Verification,
  elapsedMs: number,
  paper: Paper,
): string {
  const read = `${counted(events, 'event')} read in ${(elapsedMs / 1000).toFixed(1)} s`
  const aside = [
    ...(erased === 0 ? [] : [`${count(erased)} erased`]),
    ...(detached === 0 ? [] : [`${count(detached)} in archives`]),
  ]
  const range = to < from ? 'Ledger: empty' : `Ledger, positions ${count(from)} to ${count(to)}`
  const head = [plain(`${[`${range}: ${read}`, ...aside].join(', ')}. `), verdict(findingsCount)]
  const table = findingsCount === 0 ? [] : [paintTable(COLUMNS, findings.slice(0, SHOWN_MAX).map(row), paper)]
  return [paint(head, paper), ...table, ...rest(findingsCount, findings.length, paper)].join('\n')
}

function verdict(findings: number): Span {
  if (findings === 0) return { text: '✓ nothing is wrong', style: 'green' }
  return { text: `✗ ${counted(findings, 'finding')}`, style: 'red' }
}

function row({ kind, position, last, detail }: Finding): Span[] {
  return [{ text: placeOf(position, last), style: 'bold' }, { text: kind, style: 'red' }, plain(detail)]
}

function placeOf(position: number | undefined, last: number | undefined): string {
  if (position === undefined) return '-'
  return last === undefined || last === position ? `#${position}` : `#${position}–#${last}`
}

function rest(all: number, listed: number, paper: Paper): string[] {
  const shown = Math.min(listed, SHOWN_MAX)
  return all > shown ? [paint([plain(`and ${count(all - shown)} more`)], paper)] : []
}

/** Where there is nothing, and nothing is wrong, nothing is said. */
function besideLines({ feed, campaigns, accesses, verdicts, decisions }: BesideLedger, paper: Paper): string[] {
  const all: readonly (readonly [string, LookedAt | undefined])[] = [
    [counted(feed?.count ?? 0, 'entry of the feed', 'entries of the feed'), feed],
    [counted(campaigns?.count ?? 0, 'campaign'), campaigns],
    [`What is kept of ${counted(accesses?.count ?? 0, 'access', 'accesses')}`, accesses],
    [counted(verdicts?.count ?? 0, 'credential’s verdicts', 'credentials’ verdicts'), verdicts],
    [`Lists of ${counted(decisions?.count ?? 0, 'decision')}`, decisions],
  ]
  return all.flatMap(([what, looked]) => {
    if (looked === undefined || looked.count + looked.findingsCount === 0) return []
    const { findings, findingsCount } = looked
    const lines = findings.slice(0, SHOWN_MAX).map((one) => paint([plain(`  ${one}`)], paper))
    return [[paint([plain(`${what} read against the ledger. `), verdict(findingsCount)], paper), ...lines, ...rest(findingsCount, findings.length, paper)].join('\n')] // prettier-ignore
  })
}

function readModelLines(
  { position, factsCompared, count: differing, differences }: AccessIndexVerification,
  head: number,
  paper: Paper,
): string {
  const what = `Access index at position ${count(position)}: ${counted(factsCompared, 'fact')} compared with the ledger. `
  const behind: Span[] =
    position > 0 && position < head
      ? [{ text: `; ${counted(head - position, 'event')} not in it yet`, style: 'yellow' }]
      : []
  const lines = differences.slice(0, SHOWN_MAX).map((one) => paint([plain(`  ${wordsOf(one)}`)], paper))
  return [
    paint([plain(what), readModelVerdict(position, differing, head), ...behind], paper),
    ...lines,
    ...rest(differing, differences.length, paper),
  ].join('\n')
}

function readModelVerdict(position: number, differing: number, head: number): Span {
  if (position === 0 && head > 0)
    return { text: '✗ it has not read the ledger yet: start `catena up`, or `catena rebuild`', style: 'red' }
  if (differing === 0) return { text: '✓ no difference', style: 'green' }
  return { text: `✗ ${counted(differing, 'row')} differ: run \`catena rebuild access-index\``, style: 'red' }
}

function wordsOf({ table, kind, factId, row: key }: ReadModelDifference): string {
  return `${table}: ${kind} ${factId ?? key}`
}

/** As apps/cli/README.md describes it. */
export function verifiedJson(verified: Verified): string {
  const { ledger, beside, readModels, elapsedMs, readsArchives } = verified
  return show({
    sound: isSound(verified),
    elapsedMs,
    ledger,
    readsArchives,
    ...(verified.isUnfinished ? { unfinished: true } : {}),
    ...beside,
    ...(readModels === undefined ? {} : { readModels }),
  })
}
