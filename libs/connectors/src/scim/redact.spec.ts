import { describe, expect, it } from '@jest/globals'
import type { Json } from '@catena/domain'
import { bareSource, mask } from '../fixture-cases.js'
import { scim } from './index.js'

function storedOf(...operations: Json[]): Json | undefined {
  const envelope = { at: '2026-01-01T00:00:00Z', operation: 'patch', resourceType: 'User', id: 'u1' }
  return scim.redact({ ...envelope, body: { Operations: operations } }, mask, bareSource('scim')).operations
}

describe('an operation of a PATCH that names no attribute', () => {
  it.each(['Winter2026!', ['Winter2026!'], 7])('R2.6 loses its value: %j', (value) => {
    expect(storedOf({ op: 'replace', value })).toEqual([{ op: 'replace' }])
    expect(storedOf({ op: 'replace', Path: 'password', value })).toEqual([{ op: 'replace' }])
  })

  it('keeps of an object what is kept of any', () => {
    const value = { active: false, password: 'Winter2026!' }
    expect(storedOf({ op: 'Replace', value })).toEqual([{ op: 'Replace', value: { active: false } }])
  })

  it('is not one that names it in path', () => {
    expect(storedOf({ op: 'replace', path: 'title', value: 'Engineer' })).toMatchObject([{ value: 'Engineer' }])
  })
})
