import type { FeedContent, FeedEvent } from '@catena/siem'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { newestOf, staleIn } from './feed-and-walk.js'
import { aheadAndSilent, isEnding, keysOf, partsBy } from './late-lines.js'
import { Parts, recordedLines, toldBy, type RecordedLine } from './recorded-lines.js'
import { openFeedStage, type FeedStage } from './stage.js'

type Told = ReadonlyMap<string, FeedEvent>

/** The recorded organisation in parts: what the feed says after each, and whether a walk says the same. */
class Course {
  readonly told: Told[] = []
  readonly stale: unknown[][] = []
  private stage: FeedStage | undefined
  private files: Parts | undefined

  async run(parts: readonly (readonly RecordedLine[])[]): Promise<void> {
    this.files = new Parts(parts)
    const sources = [...new Set(parts.flat().map(({ source }) => source))]
    const stage = (this.stage = await openFeedStage({ sources, files: this.files.files }))
    for (const name of this.files.names) {
      await stage.feed([name])
      this.told.push(newestOf(await stage.events()))
      this.stale.push([...(await staleIn(stage)).stale])
    }
  }

  async close(): Promise<void> {
    await this.stage?.close()
    this.files?.remove()
  }

  /** Events that the part told anew, as they stood before it and after it. */
  changedBy(part: number): (readonly [before: FeedContent, after: FeedContent])[] {
    const [before, after] = [this.told[part - 1] as Told, this.told[part] as Told]
    return [...after.values()].flatMap((event) => {
      const old = before.get(event.id)
      return old === undefined || old.revision === event.revision ? [] : [[old.content, event.content] as const]
    })
  }
}

describe('ends that no name leads to, which the feed learns of after it told what they ended', () => {
  const course = new Course()
  let run = ''
  beforeAll(async () => {
    const lines = await recordedLines()
    const parts = partsBy(lines, ['credential', 'vault-token-path', 'vault-lease-prefix'].map(isEnding))
    const attempt = lines.find(({ activity }) => activity.outcome === 'succeeded' && keysOf(activity, 'presents', 'federated-attempt').length > 0) // prettier-ignore
    run = attempt === undefined ? '' : (/:(\d+)\//.exec(keysOf(attempt.activity, 'presents', 'federated-attempt')[0]!)?.[1] ?? '') // prettier-ignore
    await course.run([...parts, [approvalOf(lines, run)]])
  }, 180_000)
  afterAll(() => course.close(), 60_000)

  const ends = (part: number, before: (end: FeedEnd) => boolean, after: (end: FeedEnd) => boolean) =>
    course.changedBy(part).filter(([a, b]) => before(a.chain?.end) && after(b.chain?.end))
  type FeedEnd = NonNullable<FeedContent['chain']>['end'] | undefined
  const hasNone = (end: FeedEnd): boolean => end?.state === 'missing' && end.reason === 'no end seen'

  it('R8.1 a change of the slot: who read it before is told anew with the end', () => {
    for (const how of ['rotated', 'deleted'])
      expect([how, ends(1, hasNone, (end) => end?.how === how).length > 0]).toEqual([how, true])
    expect(course.stale[1]).toEqual([])
  })

  it('R8.1 a line of the server log: tokens of that path which were due then are told anew, and no stronger than ambiguous', () => {
    const expired = ends(2, hasNone, (end) => end?.how === 'expired')
    expect(expired.length).toBeGreaterThan(0)
    expect(expired.filter(([, { chain }]) => chain?.end.state !== 'ambiguous')).toEqual([])
    expect(course.stale[2]).toEqual([])
  })

  it('R8.1 a request to revoke a prefix: leases that the log ended without a reason are told anew as revoked', () => {
    const revoked = ends(3, (end) => end?.how === 'ended', (end) => end?.how === 'revoked') // prettier-ignore
    expect(revoked.length).toBeGreaterThan(0)
    expect(course.stale[3]).toEqual([])
  })

  it('R8.1 an approval that is recorded long after the read: told anew with its right', () => {
    const approved = course.changedBy(4).filter(([before, after]) => before.chain?.right.approvals === 0 && after.chain?.right.approvals === 1) // prettier-ignore
    expect(approved.length).toBeGreaterThan(0)
    expect(approved.filter(([, { chain }]) => chain?.path.through?.includes(`:${run}/`) !== true)).toEqual([])
    expect(course.stale[4]).toEqual([])
  })
})

/** A line of GitHub's audit log, as in the fixtures of its connector, of a run that the recording holds. */
function approvalOf(lines: readonly RecordedLine[], run: string): RecordedLine {
  const { source } = lines.find((one) => one.source.kind === 'github')!
  const at = Date.UTC(2026, 10, 23, 9)
  const line = JSON.stringify({ '@timestamp': at, created_at: at, _document_id: 'late-approval', action: 'workflows.approve_workflow_job', org: 'tideline', org_id: 814220, actor: 'esra-tl', actor_id: '7105', actor_is_bot: false, operation_type: 'modify', workflow_run_id: Number(run) }) // prettier-ignore
  return { source, line, activity: toldBy(source, line)! }
}

describe('surroundings that the feed learns of after it told what rests on them: a vault whose clock is 30 seconds ahead', () => {
  const course = new Course()
  beforeAll(async () => {
    const { kept, isLater, isMinted } = aheadAndSilent(await recordedLines())
    await course.run(partsBy(kept, [isLater, isMinted]))
  }, 180_000)
  afterAll(() => course.close(), 60_000)

  it('R8.1 R3.1 a source that is heard of again: what its silence kept from being told is told anew', () => {
    const isIncomplete = ({ chain }: FeedContent): boolean => chain?.caveats.includes('coverage incomplete') ?? false
    const completed = course.changedBy(1).filter(([before, after]) => isIncomplete(before) && !isIncomplete(after))
    expect(completed.length).toBeGreaterThan(0)
    expect(course.stale[1]).toEqual([])
  })

  it('R8.1 R3.1 clocks that turn out to differ: what was inferred by windows is told anew as ambiguous', () => {
    const isInferred = ({ chain }: FeedContent): boolean => chain?.path.state === 'inferred'
    const isDoubtful = ({ chain }: FeedContent): boolean => chain?.path.state === 'ambiguous' && chain.caveats.includes('clock skew') // prettier-ignore
    const weakened = course.changedBy(2).filter(([before, after]) => isInferred(before) && isDoubtful(after))
    expect(weakened.length).toBeGreaterThan(0)
    expect(course.stale[2]).toEqual([])
  })
})
