import { isRefusal, type Decided } from '@catena/domain'
import { handleCommand, loadStream, MemoryLedger, type ManyStreams } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { evaluate, type Evaluation } from '../controls/evaluate.js'
import { CONTROLS } from '../controls/registry.js'
import { severityOf } from '../findings/severity.js'
import { anyHistory } from '../testing/any-history.js'
import { history, NOW } from '../testing/histories.js'
import { finding, findingStream } from './finding-decider.js'
import { recordEvaluations, type RecordedStreams } from './record-evaluations.js'
import { recordedVerdicts, verdictStream, type RecordedVerdicts } from './verdict-decider.js'

const by: Decided = { actor: 'timer:verdicts', at: NOW }
const IDS = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(32))

/** Rounds of evaluations of some of the credentials, each with more known than before. */
const anyRounds = fc
  .array(fc.array(fc.tuple(fc.constantFrom(...IDS), anyHistory()), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((rounds) =>
    rounds.map((round, number) =>
      [...new Map(round).entries()].map(([id, history]) => evaluate({ ...history, id, position: 100 * (number + 1) })),
    ),
  )

/** The truth: stream after stream, command by command. */
async function recordAlone(ledger: MemoryLedger, evaluation: Evaluation): Promise<void> {
  const { credential, position, at, results, grade } = evaluation
  const { state } = await loadStream(ledger, recordedVerdicts as never, verdictStream(credential))
  const changes = recordedVerdicts.decide(state as RecordedVerdicts, evaluation, by)
  const changed = new Set(
    isRefusal(changes) ? [] : changes.flatMap(({ data }) => data.changes.map((one) => one.control)),
  )
  for (const control of CONTROLS) {
    const { id } = control
    const result = results.find((each) => each.control === id)
    if (!changed.has(id) && result?.verdict !== 'uncontrolled') continue
    const stream = findingStream(credential, id)
    const { reason = 'The control does not apply any more.', witnesses = [], verdict } = result ?? {}
    const own = { finding: stream, credential, control: id }
    const command = {
      do: 'FollowVerdict',
      ...own,
      verdict,
      ...severityOf(control, grade),
      reason,
      witnesses,
      position,
      at,
    } as const
    await handleCommand(ledger, finding, { stream, command, by })
  }
  await handleCommand(ledger, recordedVerdicts, { stream: verdictStream(credential), command: evaluation, by })
}

/** What stands in each stream, wherever it stands in the ledger. */
async function streamsOf(ledger: MemoryLedger): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {}
  for (const { stream, streamVersion, type, payload, actor, occurredAt } of await ledger.readDecisions(0, 100_000))
    (all[stream] ??= []).push([streamVersion, type, payload?.toString(), actor, occurredAt])
  return all
}

/** A ledger that is lost at one append, before or after it was committed; undefined: never. */
function lostAt(ledger: MemoryLedger, append: number | undefined, committed: boolean): ManyStreams {
  let count = 0
  return {
    ...{ appendDecisions: ledger.appendDecisions.bind(ledger), readStream: ledger.readStream.bind(ledger) },
    ...{ readDecisions: ledger.readDecisions.bind(ledger), readStreams: ledger.readStreams.bind(ledger) },
    versionsOf: (streams) => ledger.versionsOf(streams),
    appendTogether: async (appends, unchanged) => {
      const lost = count++ === append
      if (lost && !committed) throw new Error('lost')
      const outcome = await ledger.appendTogether(appends, unchanged)
      if (lost) throw new Error('lost')
      return outcome
    },
  }
}

describe('evaluations recorded together', () => {
  it('R5.1 R5.2 leave in every stream what each alone would leave, whatever is kept of the streams', async () => {
    await fc.assert(
      fc.asyncProperty(anyRounds, fc.constantFrom('kept', 'forgotten', 'outdated'), async (rounds, memory) => {
        const [together, alone] = [new MemoryLedger(), new MemoryLedger()]
        let kept = new Map<string, RecordedStreams>()
        for (const round of rounds) {
          const after = await recordEvaluations(together, round, kept, by)
          if (memory === 'kept') kept = new Map([...kept, ...after])
          if (memory === 'outdated' && kept.size === 0) kept = after
          for (const evaluation of [...round].reverse()) await recordAlone(alone, evaluation)
        }
        expect(await streamsOf(together)).toEqual(await streamsOf(alone))
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('R5.1 R1.10 repeat nothing and lose nothing when they are cut short anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(anyRounds, fc.nat({ max: 4 }), fc.boolean(), async (rounds, append, committed) => {
        const [whole, broken] = [new MemoryLedger(), new MemoryLedger()]
        for (const round of rounds) {
          await recordEvaluations(whole, round, new Map(), by)
          await recordEvaluations(lostAt(broken, append, committed), round, new Map(), by, { eventsAtOnce: 1 }).catch(
            () => undefined,
          )
          await recordEvaluations(broken, round, new Map(), by, { eventsAtOnce: 1 })
        }
        expect(await streamsOf(broken)).toEqual(await streamsOf(whole))
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('R5.1 write a change once, whoever records it at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(anyRounds, async (rounds) => {
        const [one, several] = [new MemoryLedger(), new MemoryLedger()]
        for (const round of rounds) {
          await recordEvaluations(one, round, new Map(), by)
          await Promise.all([1, 2, 3].map(() => recordEvaluations(several, round, new Map(), by, { eventsAtOnce: 5 })))
        }
        expect(await streamsOf(several)).toEqual(await streamsOf(one))
      }),
      { numRuns: 30 },
    )
  }, 60_000)

  it('look for no finding of a credential that has no verdict, and still meet one that stands', async () => {
    const asked: string[] = []
    const [alone, ledger] = [new MemoryLedger(), new MemoryLedger()]
    const noting = Object.create(ledger, {
      versionsOf: { value: (streams: readonly string[]) => (asked.push(...streams), ledger.versionsOf(streams)) },
    }) as MemoryLedger
    const [credential = '', other = ''] = IDS
    const failing = (id: string): Evaluation => ({ ...evaluate({ ...history(), id }), credential: id })
    const failed = failing(credential).results.find(({ verdict }) => verdict === 'uncontrolled')
    const stream = findingStream(credential, failed?.control ?? '')
    const opening = { do: 'FollowVerdict', finding: stream, credential, control: failed?.control ?? '', verdict: 'uncontrolled', severity: 'low', because: '', reason: '', witnesses: [], position: 1, at: NOW } as const // prettier-ignore
    for (const one of [alone, ledger]) await handleCommand(one, finding, { stream, command: opening, by })
    await recordEvaluations(noting, [failing(other)], new Map(), by)
    expect(asked).toEqual([verdictStream(other)])
    await recordEvaluations(noting, [failing(credential)], new Map(), by)
    for (const id of [other, credential]) await recordAlone(alone, failing(id))
    expect(await streamsOf(ledger)).toEqual(await streamsOf(alone))
    expect((await ledger.readStream(stream)).map(({ type }) => type)).toEqual(['FindingOpened', 'FindingUpdated'])
  })

  it('R1.10 open nothing by what was known before', async () => {
    const ledger = new MemoryLedger()
    const [later, earlier] = fc.sample(anyRounds, 2).map(([round]) => round ?? [])
    const at = (round: readonly Evaluation[], position: number) =>
      round.slice(0, 1).map((one) => ({ ...one, credential: IDS[0] ?? '', position }))
    await recordEvaluations(ledger, at(later ?? [], 900), new Map(), by)
    const before = await streamsOf(ledger)
    const recorded = Object.keys(before).length > 0
    await recordEvaluations(ledger, at(earlier ?? [], 800), new Map(), by)
    if (recorded) expect(await streamsOf(ledger)).toEqual(before)
  })

  it('say of the streams what they hold, and of those that stand the same as was kept', async () => {
    await fc.assert(
      fc.asyncProperty(anyRounds, async ([round = []]) => {
        const ledger = new MemoryLedger()
        const first = await recordEvaluations(ledger, round, new Map(), by)
        const stored = JSON.parse(JSON.stringify([...first])) as [string, RecordedStreams][]
        expect(stored).toEqual([...(await recordEvaluations(ledger, round, new Map(), by))])
        const kept = new Map(stored)
        const again = await recordEvaluations(ledger, round, kept, by)
        for (const [credential, streams] of again) expect(streams).toBe(kept.get(credential))
      }),
      { numRuns: 30 },
    )
  })
})
