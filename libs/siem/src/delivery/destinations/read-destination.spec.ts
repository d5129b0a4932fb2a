import { describe, expect, it } from '@jest/globals'
import { readDestination } from './read-destination.js'

const SOURCES = ['idp', 'vault']

function filtered(filter: unknown) {
  return readDestination({ id: 'x', kind: 'files', format: 'ecs', target: { folder: '/out' }, filter }, SOURCES)
}

describe('the filter of a destination', () => {
  it('R8.1 is refused for one name that is unknown, though another is known', () => {
    expect(() => filtered({ sources: ['vault', 'vualt'] })).toThrow('filter.sources names vualt, which is no source: there are idp, vault, catena') // prettier-ignore
    expect(() => filtered({ kinds: ['credential-retrieved', 'credential-retreived'] })).toThrow(/^filter.kinds.1 /)
    expect(filtered({ sources: ['vault', 'catena'] }).filter.sources).toEqual(['vault', 'catena'])
  })
})
