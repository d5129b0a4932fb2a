import { describe, expect, it } from '@jest/globals'
import { renderTokens } from './render.js'

describe('a list of tokens', () => {
  it('that is empty says so in a line of its own', () => {
    expect(renderTokens([], { columns: 80, colour: false })).toBe('No tokens: `catena tokens issue` makes one.\n')
  })
})
