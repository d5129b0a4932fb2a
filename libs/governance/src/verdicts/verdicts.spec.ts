import { fold, isRefusal, type Decided } from '@catena/domain'
import { liftDecision } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { evaluate, type Evaluation } from '../controls/evaluate.js'
import { CONTROLS } from '../controls/registry.js'
import { severityOf } from '../findings/severity.js'
import { anyHistory } from '../testing/any-history.js'
import { ana, days, history, NOW, type Given } from '../testing/histories.js'
import { finding, type FindingCommand, type FindingEvent, type FindingState } from './finding-decider.js'
import { recordedVerdicts, type RecordedVerdicts, type VerdictChanged } from './verdict-decider.js'

const by: Decided = { actor: 'timer:verdicts', at: NOW }
const OWNER = CONTROLS.filter(({ id }) => id === 'owner-accountable')

function record(
  state: RecordedVerdicts,
  evaluation: Evaluation,
): { state: RecordedVerdicts; events: readonly VerdictChanged[] } {
  const events = recordedVerdicts.decide(state, evaluation, by)
  if (isRefusal(events)) throw new Error(events.message)
  return { events, state: events.reduce((reached, event) => recordedVerdicts.evolve(reached, event, by), state) }
}

describe('recorded verdicts', () => {
  const owned = { owner: { key: ana, name: 'ana', at: days(1), by: 'x' } }

  it('R5.2 tell what changed, from what to what, with its cause', () => {
    const first = record(recordedVerdicts.initial, evaluate(history(), OWNER))
    expect(first.events).toMatchObject([
      {
        data: {
          position: 100,
          changes: [{ control: 'owner-accountable', to: 'uncontrolled', reason: 'Nobody owns it.' }],
        },
      },
    ])
    const second = record(first.state, evaluate({ ...history(owned), position: 101 }, OWNER))
    expect(second.events).toMatchObject([{ data: { changes: [{ from: 'uncontrolled', to: 'controlled' }] } }])
    expect(record(second.state, evaluate({ ...history(owned), position: 102 }, [])).events).toMatchObject([
      { data: { changes: [{ from: 'controlled' }] } },
    ])
  })

  it('R5.1 R1.10 are written once, whatever is computed again, and never by an older state of knowledge', () => {
    fc.assert(
      fc.property(anyHistory(), anyHistory(), (a, b) => {
        const later = evaluate({ ...b, position: 200 })
        const { state } = record(record(recordedVerdicts.initial, evaluate(a)).state, later)
        expect(record(state, later).events).toEqual([])
        expect(record(state, evaluate({ ...a, position: state.position - 1 })).events).toEqual([])
        const known = later.results.map(({ control, verdict }) => [control, verdict]).sort()
        expect(
          Object.entries(state.verdicts)
            .map(([control, { verdict }]) => [control, verdict])
            .sort(),
        ).toEqual(known)
      }),
    )
  })

  it('R5.1 have ids that the same change has again', () => {
    const ids = () =>
      record(recordedVerdicts.initial, evaluate(history())).events.flatMap(({ data }) =>
        data.changes.map(({ id }) => id),
      )
    expect(ids()).toEqual(ids())
    expect(ids().length).toBeGreaterThan(1)
    expect(new Set(ids()).size).toBe(ids().length)
  })

  it('R5.2 tell of all that one judgement changed in one event', () => {
    const evaluation = evaluate(history())
    const { events } = record(recordedVerdicts.initial, evaluation)
    expect(events.map(({ data }) => data.changes.map(({ control }) => control))).toEqual([
      evaluation.results.map(({ control }) => control).sort(),
    ])
  })

  it('R5.2 are read as they were written before several were told together', () => {
    const now = record(recordedVerdicts.initial, evaluate(history()))
    const [event] = now.events
    const { changes = [], ...judged } = event?.data ?? {}
    const written = changes.map((change) => ({ ...change, ...judged }))
    const recorded = { by, position: 1, stream: 'verdict:c', version: 1, schemaVersion: 1, causation: undefined }
    const lifted = written.map((data) => liftDecision(recordedVerdicts, { ...recorded, event: { type: 'VerdictChanged', data } }))
    expect(lifted.flatMap(({ event: { data } }) => data.changes)).toEqual(changes)
    expect(fold(recordedVerdicts, lifted)).toEqual(now.state)
  }) // prettier-ignore
})

describe('a finding', () => {
  const own = { finding: 'f', credential: 'c', control: 'owner-accountable' }
  const verdict = (value: 'uncontrolled' | 'unknown' | 'controlled' | undefined, reason = 'Nobody owns it.'): FindingCommand => ({
    ...own, do: 'FollowVerdict', verdict: value, severity: 'high', because: 'b', reason, witnesses: [1], position: 1, at: NOW,
  }) // prettier-ignore
  const after = (...commands: FindingCommand[]): FindingState =>
    commands.reduce(
      (state, command) => events(state, command).reduce((one, event) => finding.evolve(one, event, by), state),
      finding.initial,
    )
  function events(state: FindingState, command: FindingCommand): readonly FindingEvent[] {
    const answer = finding.decide(state, command, by)
    return isRefusal(answer) ? [] : answer
  }
  const types = (state: FindingState, command: FindingCommand): string[] =>
    events(state, command).map(({ type }) => type)
  const open = after(verdict('uncontrolled'))

  it('R5.1 is opened by a failure alone, once', () => {
    expect(types(finding.initial, verdict('unknown'))).toEqual([])
    expect(types(finding.initial, verdict('uncontrolled'))).toEqual(['FindingOpened'])
    expect(types(open, verdict('uncontrolled'))).toEqual([])
  })
  it('is updated where the reason is another, and not by its age', () => {
    expect(
      types(
        after(verdict('uncontrolled', 'It was not rotated for 91 days.')),
        verdict('uncontrolled', 'It was not rotated for 92 days.'),
      ),
    ).toEqual([])
    expect(types(open, verdict('uncontrolled', 'Its owner left.'))).toEqual(['FindingUpdated'])
  })
  it('follows the facts: becomes graver and less grave as a recorded update, with why, and once', () => {
    const graver = { ...verdict('uncontrolled'), severity: 'critical', because: 'it is privileged' } as FindingCommand
    const [update] = events(open, graver)
    expect(update).toMatchObject({
      type: 'FindingUpdated',
      data: { severity: 'critical', because: 'it is privileged' },
    })
    expect(types(after(verdict('uncontrolled'), graver), graver)).toEqual([])
    expect(events(after(verdict('uncontrolled'), graver), verdict('uncontrolled'))).toMatchObject([{ data: { severity: 'high' } }]) // prettier-ignore
    expect(types(open, verdict('uncontrolled', 'Its owner left.'))).toEqual(['FindingUpdated'])
  })
  it('is one step graver on a privileged credential, and one less grave where nothing can be obtained any more', () => {
    const control = { severity: 'high', because: 'b' } as const
    const graded = (given: Given, one: Parameters<typeof severityOf>[0] = control) => severityOf(one, evaluate(history(given)).grade)
    const privileged = { privileged: { id: 'root' } }
    const gone = { changes: [{ at: days(1), how: 'deleted', positions: [9] }] } as const
    expect(graded({})).toEqual(control)
    expect(graded(privileged)).toMatchObject({ severity: 'critical', because: 'b; graver, as the credential is privileged by rule root' })
    expect(graded({ ...privileged, ...gone })).toMatchObject({ severity: 'medium' })
    expect(graded(privileged, { severity: 'critical', because: 'b' })).toEqual({ severity: 'critical', because: 'b' })
    expect(graded(gone, { severity: 'low', because: 'b' })).toEqual({ severity: 'low', because: 'b' })
  }) // prettier-ignore
  it('R5.1 is not closed by not knowing, nor by hand', () => {
    expect(types(open, verdict('unknown'))).toEqual([])
    expect(types(open, verdict('controlled'))).toEqual(['FindingClosed'])
    expect(types(open, verdict(undefined))).toEqual(['FindingClosed'])
  })
  it('opens again as another episode, and keeps what was said', () => {
    const again = after(
      verdict('uncontrolled'),
      { ...own, do: 'CommentFinding', text: 'asked ana' },
      verdict('controlled'),
      verdict('uncontrolled'),
    )
    expect(again).toMatchObject({ status: 'open', episode: 2, comments: ['asked ana'] })
  })
  it('is assigned while it is open', () => {
    expect(types(open, { ...own, do: 'AssignFinding', to: 'ana' })).toEqual(['FindingAssigned'])
    expect(
      finding.decide(
        after(verdict('uncontrolled'), verdict('controlled')),
        { ...own, do: 'AssignFinding', to: 'ana' },
        by,
      ),
    ).toMatchObject({ refused: 'NOT_OPEN' })
  })
})
