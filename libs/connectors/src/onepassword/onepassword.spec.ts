import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { bareSource, interpretRaw } from '../fixture-cases.js'
import { onepassword } from './index.js'

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures')
const SIGN_IN = JSON.parse(readFileSync(join(FIXTURES, 'sign-in.raw.json'), 'utf8')) as JsonObject

describe('a sign-in', () => {
  it.each([
    ['success', 'succeeded'],
    ['firewall_reported_success', 'succeeded'],
    ['credentials_failed', 'denied'],
    ['mfa_failed', 'denied'],
    ['firewall_failed', 'denied'],
    ['something_new', 'unknown'],
  ])('R1.4 of the category %s has %s', (category, outcome) => {
    const record = JSON.stringify({ ...SIGN_IN, category })
    expect(interpretRaw(onepassword, bareSource('onepassword'), record).outcome).toBe(outcome)
  })
})
