import { describe, expect, it } from '@jest/globals'
import { frozenState } from '../item/context.js'
import type { AccessRow } from '../ports/access-summary.js'
import { accessRow } from '../testing/access.js'
import { activeCampaign, frozenItem, LAUNCH, personKey } from '../testing/campaign.js'
import { csvHead, csvLine } from './csv.js'
import { htmlHead, htmlRow } from './html.js'
import { itemFacts, type ItemFacts } from './item-facts.js'
import { FigureCount } from './report-figures.js'

function facts(more: Partial<ItemFacts> = {}, path = 'orders/db'): ItemFacts {
  const item = frozenItem({ credential: { ...accessRow().credential, path } })
  return { ...itemFacts(item, frozenState(item), []), ...more }
}
const campaign = activeCampaign({ name: '<script>alert(1)</script>' })
if (campaign.status === 'draft') throw new Error('no campaign')

describe('R6.9 the report of a campaign', () => {
  it('puts every item into one figure, and names a self-review as what it is', () => {
    const count = new FigureCount()
    const own = { reviewer: personKey('ada'), inPlaceOf: [], decision: { kind: 'certify' as const }, reason: '', stage: 0, evidenceHash: '', recommended: '', isLate: true, isAfterLeaving: false, request: '', at: LAUNCH }
    const item = frozenItem()
    count.add(facts({ state: { ...frozenState(item), status: 'closed', how: '', outcome: { kind: 'revoke' } }, orderedAt: LAUNCH, verifiedAt: LAUNCH + 5 }), true)
    count.add(facts({ votes: [own], refused: ['CONFLICT_OF_INTEREST', 'DECIDED_MEANWHILE'] }), true)
    count.add(facts(), false)
    expect(count.figures()).toMatchObject({
      items: 3, revoked: 1, expired: 1, open: 1, certified: 0, votes: 1, late: 1, selfReviews: 1, conflictsRefused: 1, orders: 1, verified: 1, medianToVerifiedMs: 5,
    })
  }) // prettier-ignore

  it('tells what was said of an item without deciding it, by whom and when', () => {
    const item = frozenItem()
    const comments = [{ by: personKey('ada'), text: 'ask <the team>', at: LAUNCH }]
    const said = facts({ state: { ...frozenState(item), comments } })
    expect(htmlRow(said)).toContain('person:idp:ada commented, 2026-06-01 09:00 UTC: ask &lt;the team&gt;')
    expect(csvLine(said)).toContain('person:idp:ada 2026-06-01T09:00:00.000Z: ask <the team>')
  })

  it('names the entries and the hash that an item rests on, and what changed since they were frozen', () => {
    const item = frozenItem({ evidence: [17, 23] })
    const plain = { ...itemFacts(item, frozenState(item), []) }
    expect(htmlRow(plain)).toContain(`#17 #23<br><code>${item.evidenceHash}</code>`)
    expect(htmlRow(plain)).not.toContain('changed since')
    expect(csvLine(plain)).toMatch(/,17 23,person:idp:ada\r\n$/)
    const none = frozenItem({ evidence: [] })
    expect(htmlRow({ ...itemFacts(none, frozenState(none), []) })).toContain('nothing is recorded')
    const changed = { ...frozenState(item), changedSince: ['privileged no → yes'] }
    expect(htmlRow({ ...itemFacts(item, changed, []) })).toContain('changed since the freeze: privileged no → yes')
  })

  it('tells apart those of one name, and candidates, by their keys', () => {
    const of = (accessor: AccessRow['accessor']) => {
      const item = frozenItem({ accessor })
      return { ...itemFacts(item, frozenState(item), []) }
    }
    const [one, other] = ['ann-1', 'ann-2'].map((id) => ({ key: personKey(id), name: 'Ann', aliases: [] }))
    if (one === undefined || other === undefined) throw new Error('no candidates')
    expect(htmlRow(of({ kind: 'person', ...one }))).toContain('Ann<br><span class="note">person:idp:ann-1</span>')
    expect(csvLine(of({ kind: 'person', ...other }))).toMatch(/,person:idp:ann-2\r\n$/)
    expect(csvLine(of({ kind: 'ambiguous', candidates: [other, one] }))).toMatch(
      /,person:idp:ann-1 person:idp:ann-2\r\n$/,
    )
    expect(csvLine(of({ kind: 'unknown', reason: 'not recorded' }))).toMatch(/,\r\n$/)
  })

  it('gives no score to whoever decided too little to be judged', () => {
    const quality = { reviewer: personKey('ada'), decisions: 4, secondsPerItem: 1, evidenceOpened: 0, sameText: 1, certifiedAgainstAdvice: 0, inLastHour: 0, longestRun: 4, score: undefined, signs: [] }
    const report = { campaign: activeCampaign() as Exclude<typeof campaign, { status: 'draft' }>, position: 7, sealPosition: undefined, steps: [], figures: new FigureCount().figures() }
    expect(htmlHead({ ...report, quality: [quality] })).toContain('<td class="n">—</td><td class="note">fewer than 5 decisions: not judged</td>')
    expect(htmlHead({ ...report, quality: [{ ...quality, decisions: 5, score: 100 }] })).toContain('<td class="n">100</td>')
    expect(htmlHead({ ...report, quality: [{ ...quality, decisions: 200, evidenceOpened: 199 / 200 }] })).toContain('<td class="n">99 %</td>')
  }) // prettier-ignore

  it('says once that nobody is known, however the records call them', () => {
    const named = (reason: string) => {
      const item = frozenItem({ accessor: { kind: 'unknown', reason } })
      return csvLine({ ...itemFacts(item, frozenState(item), []) })
    }
    expect(named('nobody known, called svc: identity not joined')).toContain(
      ',"nobody known, called svc: identity not joined",',
    )
    expect(named('not recorded')).toContain(',nobody known (not recorded),')
  })

  it('shows names of others as text: neither markup in HTML nor a formula in CSV', () => {
    const head = htmlHead({
      campaign,
      position: 7,
      sealPosition: undefined,
      steps: [],
      figures: new FigureCount().figures(),
      quality: [],
    })
    expect(head).not.toContain('<script>')
    expect(head).toContain('&lt;script&gt;')
    expect(htmlRow(facts({}, '<img src=x>'))).not.toContain('<img')
    const line = csvLine(facts({}, '=HYPERLINK("x")'))
    expect(line).toContain(`"'=HYPERLINK(""x"")"`)
    expect(csvHead().split(',')).toHaveLength(31)
    // Nor does a name turn around what stands behind it, or hide that it is another.
    expect(htmlRow(facts({}, 'db/\u202exyz\u200b'))).toContain('db/\\u202exyz\\u200b')
  })
})
