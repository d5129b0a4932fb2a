import { describe, expect, it } from '@jest/globals'
import { aggregate, evaluate } from '../controls/evaluate.js'
import { CONTROLS } from '../controls/registry.js'
import { history } from '../testing/histories.js'
import { CROSSWALK, coverageOf, entriesCalled } from './crosswalk.js'

describe('the crosswalk', () => {
  it('R5.7 names controls that exist, and every one of a severity that matters', () => {
    const ids = new Set(CONTROLS.map(({ id }) => id))
    expect(CROSSWALK.entries.flatMap(({ controls }) => controls).filter((id) => !ids.has(id))).toEqual([])
  })

  it.each([
    ['NHI-03', 'NHI7:2025'],
    ['NHI7:2025', 'NHI7:2025'],
    ['CSF 2.0 PR.AC-1', 'PR.AA-01'],
    ['OWASP Agentic A1', 'ASI03'],
  ])('R5.7 finds %s, as cited or canonical', (id, canonical) => {
    expect(entriesCalled(CROSSWALK, id).map((entry) => entry.canonical)).toEqual([canonical])
  })

  it('R5.7 counts credentials by the worst verdict of an entry', () => {
    const coverage = coverageOf(CROSSWALK, [evaluate(history())], aggregate)
    const of = (id: string) => coverage.find(({ entry }) => entry.canonical === id)?.verdicts
    expect(of('CC6.1')).toEqual({ controlled: 0, exception: 0, uncontrolled: 1, unknown: 0 })
    expect(of('ASI03')).toEqual({ controlled: 0, exception: 0, uncontrolled: 0, unknown: 0 })
  })
})
