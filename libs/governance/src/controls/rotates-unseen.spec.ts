import { describe, expect, it } from '@jest/globals'
import { inventoryEntry } from '../inventory/inventory-entry.js'
import { leaverList } from '../revocation/leaver-list.js'
import { ana, days, history, person, written, type Given } from '../testing/histories.js'
import { ANA, retrieval } from '../testing/retrievals.js'
import { evaluate } from './evaluate.js'
import { leaverRevoked } from './leaver-revoked.js'
import { rotationAge } from './rotation-age.js'

/** The password of a static role, which Ana read and its vault changes by itself. */
const role = (more: Given = {}) =>
  history({ firstSeenAt: days(200), changes: [], retrievals: [retrieval({ at: days(50), kind: 'rotating-secret-read' })], ...more }) // prettier-ignore
const left = { [ana]: person(ana, 'left', days(30)) }
const judged = (control: typeof rotationAge, given: ReturnType<typeof role>) => evaluate(given, [control]).results.map(({ verdict, reason }) => [verdict, reason]) // prettier-ignore

describe('the password of a static role', () => {
  it('R2.1 is a static secret of which nobody knows when it was changed', () => {
    expect(judged(rotationAge, role())).toEqual([['unknown', 'No rotation is recorded for 200 days; its store changes it by itself, which no record tells.']]) // prettier-ignore
    expect(judged(rotationAge, role({ changes: [written(10)] }))).toMatchObject([['controlled', expect.anything()]])
  })

  it('R4.1 R4.2 stays with who left, and whether it still opens is not known', () => {
    expect(judged(leaverRevoked, role({ people: left }))).toEqual([['unknown', `After they left (${ANA.name}) no change is recorded; its store changes it by itself, which no record tells.`]]) // prettier-ignore
    expect(judged(leaverRevoked, role({ people: left, changes: [written(29.5)] }))).toMatchObject([['controlled', expect.anything()]]) // prettier-ignore
    expect(leaverList(ana, [role({ people: left })])).toMatchObject([{ lastSeenAt: days(50), leftAt: days(30) }])
  })

  it('R4.1 is uncontrolled where who left obtained it afterwards', () => {
    const given = role({ people: left, retrievals: [retrieval({ at: days(20), kind: 'rotating-secret-read' })] })
    expect(judged(leaverRevoked, given)).toMatchObject([['uncontrolled', expect.anything()]])
  })

  it('R1.1 stands in the inventory as static, whatever was declared', () => {
    const declared = { declared: { kind: 'dynamic' as const } }
    for (const given of [role(), role({ stewardship: declared })]) expect(inventoryEntry(given).issuance).toBe('static')
  })
})
