import { describe, expect, it } from '@jest/globals'
import type { Verdict } from '../controls/control.js'
import type { ControlResult } from '../controls/evaluate.js'
import { CONTROLS } from '../controls/registry.js'
import {
  controlsOf,
  frameworks,
  LISTED_MAX,
  ReportCount,
  type JudgedCredential,
  type ReportHead,
} from './control-report.js'
import { csvHead, csvLines } from './report-csv.js'
import { htmlReport } from './report-html.js'

const AT = Date.parse('2026-03-01T12:00:00Z')
const head = (ids: readonly string[]): ReportHead => ({
  controls: CONTROLS.filter(({ id }) => ids.includes(id)),
  at: AT,
  position: 4711,
  cut: 'c-4711',
  sources: [{ id: 'vault', kind: 'vault', from: AT - 9, to: AT, gaps: 0 }, { id: 'okta', kind: 'okta', gaps: 0 }],
}) // prettier-ignore
const result = (control: string, verdict: Verdict, more: Partial<ControlResult> = {}): ControlResult => ({
  control, version: 1, verdict, reason: `It is ${verdict}.`, witnesses: [], ...more,
}) // prettier-ignore
const credential = (name: string, ...results: ControlResult[]): JudgedCredential => ({
  id: 'c'.repeat(32),
  system: 'vault/prod',
  name,
  results,
  looked: [7, 8],
})
const counted = (of: ReportHead, ...credentials: JudgedCredential[]) => {
  const count = new ReportCount(of)
  for (const one of credentials) count.add(one)
  return count.report()
} // prettier-ignore

describe('the report of controls', () => {
  it('R5.1 counts each credential under the verdict of each control, and the population with those that none applies to', () => {
    const { population, sections } = counted(
      head(['owner-accountable', 'rotation-age']),
      credential('a', result('owner-accountable', 'unknown'), result('rotation-age', 'controlled')),
      credential('b', result('owner-accountable', 'uncontrolled')),
      credential('c'),
    )
    expect(population).toBe(3)
    expect(sections.map(({ counts }) => counts)).toEqual([
      { controlled: 0, exception: 0, uncontrolled: 1, unknown: 1 },
      { controlled: 1, exception: 0, uncontrolled: 0, unknown: 0 },
    ])
  })

  it('R5.7 counts a credential once for an entry of a framework, by the worst: unknown is no pass', () => {
    const of = { ...head(['rotation-age', 'exposure-answered']), framework: 'PCI DSS 4.0.1' }
    const { entries } = counted(of, credential('a', result('rotation-age', 'controlled'), result('exposure-answered', 'unknown')))
    expect(entries.map(({ entry, counts }) => [entry.canonical, counts.unknown, counts.controlled])).toEqual([['8.6.3', 1, 0]])
    expect(frameworks().every((each) => controlsOf(each, CONTROLS).length > 0)).toBe(true)
    expect(controlsOf('no such', CONTROLS)).toEqual([])
  }) // prettier-ignore

  it('leads from each figure to the credentials behind it, with their evidence, question, method and why', () => {
    const of = head(['owner-accountable'])
    const html = htmlReport(counted(of, credential('stripe', result('owner-accountable', 'uncontrolled', { witnesses: [12, 34], reason: 'Nobody owns it.' }))))
    for (const href of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${href[1]}"`)
    for (const part of ['#12 #34', 'Nobody owns it.', of.controls[0]!.question, of.controls[0]!.method, 'entry 4711', '2026-03-01 12:00:00 UTC', '>never<', 'href="#owner-accountable-uncontrolled"'])
      expect(html).toContain(part)
    expect(html).toContain('1 of 1 credentials')
  }) // prettier-ignore

  it('names what was looked at where nothing speaks against it, and nothing where the point is an absence', () => {
    const of = head(['shared-identity'])
    expect(htmlReport(counted(of, credential('a', result('shared-identity', 'controlled'))))).toContain('nothing speaks against it; looked at, the newest of each:</span> #7 #8')
    const html = htmlReport(counted(of, credential('a', result('shared-identity', 'uncontrolled'))))
    expect([html.includes('#7'), html.includes('nothing is recorded</span>')]).toEqual([false, true])
  }) // prettier-ignore

  it('R5.1 says of a control that applies to nothing that nothing passed', () => {
    const html = htmlReport(counted(head(['role-based']), credential('a')))
    expect(html).toContain('0 of 1 credentials')
    expect(html).toContain('nothing passed')
    expect(html).not.toContain('Under control:')
  })

  it('says how many it leaves to the CSV', () => {
    const many = Array.from({ length: LISTED_MAX + 2 }, (_, index) => credential(`n${index}`, result('rotation-age', 'controlled')))
    const html = htmlReport(counted(head(['rotation-age']), ...many))
    expect(html).toContain(`The first ${LISTED_MAX} of ${LISTED_MAX + 2}`)
    expect(html).not.toContain(`n${LISTED_MAX}<`)
  }) // prettier-ignore

  it('shows names of others as text: neither markup in HTML nor a formula in CSV', () => {
    const of = head(['owner-accountable'])
    const evil = credential('<script>alert(1)</script>', result('owner-accountable', 'unknown', { reason: '<img src=x onerror="a">' }))
    expect(htmlReport(counted(of, evil))).not.toMatch(/<script|<img/)
    const line = csvLines(of, credential('=HYPERLINK("x")', result('owner-accountable', 'unknown', { reason: '+1, "x"' })))
    expect(line).toContain(`"'=HYPERLINK(""x"")"`)
    expect(line).toContain(`"'+1, ""x"""`)
    expect(csvHead().trim().split(',')).toHaveLength(15)
  }) // prettier-ignore
})
