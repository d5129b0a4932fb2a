import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { definition, LAUNCH, personKey } from '../testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../testing/desk-field.js'

let field: DeskField
beforeAll(async () => {
  field = await openDeskField()
}, 60_000)
afterAll(() => field.close())

const [first, second] = [accessTo(1), accessTo(2)]
const stages = [{ ...definition().stages[0]!, reviewers: [{ kind: 'owner' as const }, { kind: 'people' as const, people: [personKey('boss')] }] }] // prettier-ignore

describe('an item of a credential', () => {
  it('owner missing or wrong: an ownership attestation comes first; until then it can be revoked, not certified', async () => {
    field.startAnew([first, second], { owners: { [second.credential.id]: personKey('gone') }, people: { gone: { leftAt: LAUNCH } } })
    await field.define('owned', definition({ stages }))
    const id = await field.launch('owned')
    expect(await field.decide(id, 1, 'certify')).toMatchObject({ refused: 'OWNER_FIRST', message: expect.stringContaining('nobody is on record') as unknown })
    expect(await field.decide(id, 2, 'certify')).toMatchObject({ refused: 'OWNER_FIRST', message: expect.stringContaining('has left') as unknown })
    expect(await field.decide(id, 2, 'revoke')).toMatchObject({ items: [expect.anything()] })
    await field.becomesKnown({ owners: { [first.credential.id]: personKey('heir') } })
    await field.advance(id, 2)
    const [item] = await field.items(id)
    expect(item?.state).toMatchObject({ status: 'drifted', owner: personKey('heir'), reviewers: [personKey('heir')] })
    expect(await field.decide(id, 1, 'certify', 'heir')).toMatchObject({ items: [item?.item.id] })
    expect((await field.items(id))[0]?.state).toMatchObject({ status: 'decided', outcome: { kind: 'certify' } })
  }, 30_000) // prettier-ignore

  it('whose reviewers are named does not rest on its owner', async () => {
    field.startAnew([first])
    await field.define('named', definition())
    expect(await field.decide(await field.launch('named'), 1, 'certify')).toMatchObject({ items: [expect.anything()] })
  }, 30_000)
})
