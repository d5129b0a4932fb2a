import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { CredentialHistory } from '../history/credential-history.js'
import { isObtained } from '../history/retrieval.js'
import { anyHistory } from '../testing/any-history.js'
import { ben, days, history, person } from '../testing/histories.js'
import { BEN, retrieval } from '../testing/retrievals.js'
import { valuesOf, type Verdict } from './control.js'
import { aggregate, evaluate } from './evaluate.js'
import { leaverRevoked } from './leaver-revoked.js'
import { CONTROLS } from './registry.js'

const VERDICTS: readonly Verdict[] = ['controlled', 'exception', 'uncontrolled', 'unknown']

describe('every control', () => {
  it('R5.1 has an id, a version, a question, a reason for its severity and requirements of its own', () => {
    expect(new Set(CONTROLS.map(({ id }) => id)).size).toBe(CONTROLS.length)
    for (const { version, question, method, because, requirements, parameters } of CONTROLS) {
      expect(version).toBeGreaterThan(0)
      expect(question).toMatch(/\?$/)
      expect(method).toMatch(/^Asked .*Controlled: .*\.$/)
      for (const name of Object.keys(parameters)) expect(method).toContain(name)
      expect(because.length).toBeGreaterThan(10)
      expect(requirements.length).toBeGreaterThan(0)
      for (const { default: value, meaning } of Object.values(parameters))
        expect([value > 0, meaning.length > 5]).toEqual([true, true])
    }
  })

  it('R5.1 covers the requirements that are tested on histories', () => {
    const covered = new Set(CONTROLS.flatMap(({ requirements }) => requirements))
    const wanted = [
      'R1.3',
      'R1.6',
      'R1.8',
      'R1.12',
      'R2.2',
      'R2.3',
      'R2.4',
      'R2.5',
      'R2.7',
      'R3.1',
      'R3.2',
      'R3.3',
      'R3.4',
      'R3.5',
      'R3.6',
      'R3.7',
      'R3.8',
      'R3.9',
      'R3.10',
      'R3.11',
      'R3.12',
      'R4.1',
      'R4.2',
      'R4.3',
      'R5.3',
      'R5.4',
      'R5.8',
      'R9.1',
      'R9.2',
      'R9.3',
    ]
    expect(wanted.filter((id) => !covered.has(id))).toEqual([])
  })

  it('R5.1 answers any history, the same again, with a sentence', () => {
    fc.assert(
      fc.property(anyHistory(), (given) => {
        const evaluation = evaluate(given)
        expect(evaluate(structuredClone(given))).toEqual(evaluation)
        for (const { verdict, reason } of evaluation.results) {
          expect(VERDICTS).toContain(verdict)
          expect(reason).toMatch(/^\S.*[.)]$/s)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('R5.1 fails nowhere where it says that it never does', () => {
    const harmless = CONTROLS.filter(({ neverFails }) => neverFails !== undefined)
    expect(harmless.map(({ id }) => id)).toEqual(['extraction-known'])
    fc.assert(
      fc.property(anyHistory(), (given) => {
        for (const { verdict } of evaluate(given, harmless).results) expect(verdict).not.toBe('uncontrolled')
      }),
      { numRuns: 500 },
    )
  })

  it('R5.1 keeps its verdict until the moment it names, whatever time passes', () => {
    fc.assert(
      fc.property(anyHistory(), fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        for (const control of CONTROLS) {
          const values = valuesOf(control.parameters)
          if (!control.applies(given, values)) continue
          const now = evaluate(given, [control])
          const [result] = now.results
          const end = Math.min(result?.validUntil ?? Infinity, given.at + 200 * 86_400_000)
          const later = { ...given, at: Math.floor(given.at + (end - 1 - given.at) * share) }
          if (later.at <= given.at || !control.applies(later, values)) continue
          // Ages grow past limits only at the moments that a control names; failures may end by leaving a window, which is named too.
          expect([control.id, evaluate(later, [control]).verdict]).toEqual([control.id, result?.verdict])
        }
      }),
      { numRuns: 400 },
    )
  })
})

describe('every control, where not each time that it was obtained is known', () => {
  /** The newest are held one by one, the sums know all. */
  const cutTo = (whole: CredentialHistory, count: number): CredentialHistory => {
    const past = whole.retrievals.filter(isObtained)
    const dropped = new Set(past.slice(count))
    return { ...whole, older: dropped.size > 0, retrievals: whole.retrievals.filter((one) => !dropped.has(one)) }
  }
  const verdictsOf = (history: CredentialHistory) =>
    new Map(evaluate(history).results.map(({ control, verdict }) => [control, verdict]))

  it('R5.1 passes nothing that fails, or is not known, by all of it, and fails nothing that does not', () => {
    fc.assert(
      fc.property(anyHistory(), fc.integer({ min: 1, max: 4 }), (given, count) => {
        const whole = { ...given, older: false }
        const [byAll, asHeld] = [verdictsOf(whole), verdictsOf(cutTo(whole, count))]
        for (const { id } of CONTROLS) {
          const [all = 'not applicable', held = 'not applicable'] = [byAll.get(id), asHeld.get(id)]
          if (all === 'uncontrolled')
            expect([id, held]).toEqual([id, expect.stringMatching(/^(uncontrolled|unknown)$/)])
          if (all === 'exception') expect([id, held]).toEqual([id, expect.stringMatching(/^(exception|unknown)$/)])
          if (all === 'unknown') expect([id, held]).toEqual([id, 'unknown'])
          if (held === 'uncontrolled') expect([id, all]).toEqual([id, 'uncontrolled'])
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a control that does not know', () => {
  it('R4.1 names the moment all the same when one of two people is in no directory and the other one left', () => {
    const left = { [ben]: person(ben, 'left', days(0.5)) }
    const bens = retrieval({ fact: 'second', accessor: BEN, at: days(1) })
    const given = history({ people: left, retrievals: [retrieval({ at: days(1) }), bens] })
    const [result] = evaluate(given, [leaverRevoked]).results
    expect([result?.verdict, result?.validUntil]).toEqual(['unknown', days(-0.5) + 1])
    const later = { ...given, at: days(-0.5) + 1 }
    expect(evaluate(later, [leaverRevoked]).verdict).toBe('uncontrolled')
  })
})

describe('the verdict of a credential', () => {
  it('R5.1 is the worst of its controls, and unknown where none applies', () => {
    const any = fc.array(fc.constantFrom(...VERDICTS))
    fc.assert(
      fc.property(any, fc.constantFrom(...VERDICTS), (verdicts, one) => {
        const all = aggregate([...verdicts, one])
        expect(aggregate([one, ...verdicts].reverse())).toBe(all)
        if (all === 'controlled') expect(new Set([...verdicts, one])).toEqual(new Set(['controlled']))
      }),
    )
    expect(aggregate([])).toBe('unknown')
    expect(evaluate(history(), []).verdict).toBe('unknown')
    expect(aggregate(['unknown', 'exception', 'controlled'])).toBe('unknown')
  })
})
