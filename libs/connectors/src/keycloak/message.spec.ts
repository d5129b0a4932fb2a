import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readMessage } from './message.js'

/** As the listener writes: white space made plain, quotes escaped, backslashes left as they are. */
function write(members: [string, string][]): string {
  return members.map(([name, value]) => `${name}="${value.replaceAll('"', '\\"')}"`).join(', ')
}

describe('the message of an events log line', () => {
  const piece = fc.constantFrom('"', '\\', ',', ' ', '=', 'a', 'userId="', '", x="', '", x=', ', y="')
  const value = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  const name = fc.stringMatching(/^[a-z][A-Za-z_.]{0,9}$/)
  const members = fc.uniqueArray(fc.tuple(name, value), { selector: ([of]) => of, minLength: 1, maxLength: 6 })

  it('R1.4 reads back what the listener wrote, whatever people choose as values', () => {
    fc.assert(
      fc.property(members, (all) => {
        expect([...(readMessage(write(all)) ?? [])]).toEqual(all)
      }),
      { numRuns: 5_000 },
    )
  })

  it('R1.4 lets no user name forge a member', () => {
    const forged = 'x", sessionId="someone-elses'
    const members = readMessage(
      write([
        ['type', 'LOGIN_ERROR'],
        ['username', forged],
        ['code_id', 'c'],
      ]),
    )
    expect(members?.get('username')).toBe(forged)
    expect(members?.has('sessionId')).toBe(false)
  })

  it('ends a value behind its own last backslash', () => {
    const members = readMessage('type="LOGIN_ERROR", username="x\\", code_id="c"')
    expect([...(members ?? [])]).toEqual([
      ['type', 'LOGIN_ERROR'],
      ['username', 'x\\'],
      ['code_id', 'c'],
    ])
  })

  it('keeps the first of two equal names, which is the listener\u2019s own', () => {
    expect(readMessage('userId="u1", username="a", userId="u2"')?.get('userId')).toBe('u1')
  })

  it.each([
    '',
    'KC-SERVICES0050: Initializing',
    'type=LOGIN, userId=u1',
    'type="LOGIN" and more',
    'type="LOGIN',
    'type="LOGIN", ',
  ])('is not read by halves: %s', (message) => {
    expect(readMessage(message)).toBeUndefined()
  })
})
