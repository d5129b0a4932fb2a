import type { Activity, JsonObject, SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { bareSource, interpretRaw, mask, store } from '../fixture-cases.js'
import { teleport } from './index.js'

const SOURCE: SourceInstance = bareSource('teleport')
const event = (name: string, more: JsonObject = {}): JsonObject => ({
  ei: 0,
  event: name,
  code: 'TJT00I',
  uid: '7d1e0c00-0000-4000-8000-000000000099',
  time: '2026-11-23T06:08:00.125Z',
  user: 'nora',
  ...more,
})
const stored = (record: JsonObject): string => JSON.stringify(store(teleport, SOURCE, record).payload)
const read = (record: JsonObject): Activity => interpretRaw(teleport, SOURCE, JSON.stringify(record))

describe('a token to join with', () => {
  it('R2.6 is masked where its name is the secret, and named where it is none', () => {
    const name = 'ae51d2ffc2a86e2b08d5f0e559bc5130'
    for (const join_method of ['token', undefined])
      expect(stored(event('join_token.create', { name, join_method }))).toContain(`"name":"${mask(name)}"`)
    expect(stored(event('join_token.create', { name: 'github-deploy', join_method: 'github' }))).toContain(
      'github-deploy',
    )
    for (const join of ['bot.join', 'instance.join']) {
      for (const method of ['token', undefined])
        expect(stored(event(join, { success: true, token_name: name, method }))).not.toContain(name)
      const shown = stored(event(join, { success: true, token_name: 'github-deploy', method: 'github' }))
      expect(shown).toContain('github-deploy')
    }
    expect(stored(event('role.created', { name: 'release' }))).toContain('release')
  })
})

describe('a step of a sign-in', () => {
  it.each([
    'device.authenticate',
    'device.authenticate.confirm',
    'mfa_auth_challenge.create',
    'mfa_auth_challenge.validate',
  ])('R1.1 changes no credential and no rule: %s', (name) => expect(read(event(name)).kind).toBe('operation'))

  it('R1.1 is not what enrols a device', () => {
    expect(read(event('device.enroll')).kind).toBe('credential-changed')
  })
})

describe('an access request', () => {
  it('R2.5 may name resources that are none', () => {
    const { attributes } = read(
      event('access_request.create', { id: 'r-1', resource_ids: [null, { cluster: 'c', kind: 'node', name: 'n' }] }),
    )
    expect(attributes['resources']).toEqual(['c/node/n'])
  })
})
