import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { bareSource, interpretRaw } from '../fixture-cases.js'
import { cyberark } from './index.js'

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures')
const raw = (file: string): string => readFileSync(join(FIXTURES, file), 'utf8').trimEnd()
const read = (record: string): Activity => interpretRaw(cyberark, bareSource('cyberark'), record)

describe('a retrieval', () => {
  it.each([
    ['Info', 'succeeded'],
    ['Warning', 'succeeded'],
    ['Error', 'failed'],
    ['Critical', 'failed'],
    ['', 'unknown'],
    ['-', 'unknown'],
  ])('R1.4 with the severity "%s" has %s', (severity, outcome) => {
    const record = raw('retrieve-password.raw.json').replace('"Severity": "Info"', `"Severity": "${severity}"`)
    expect(read(record).outcome).toBe(outcome)
  })

  it.each([
    [5, 'succeeded'],
    [7, 'failed'],
    [10, 'failed'],
  ])('R1.4 with the severity %d of syslog has %s', (severity, outcome) => {
    const cef = raw('cef-retrieve-password.raw.txt').replace('|Retrieve password|5|', `|Retrieve password|${severity}|`)
    const leef = raw('leef-retrieve-password.raw.txt').replace('sev=5', `sev=${severity}`)
    expect([cef, leef].map((record) => read(record).outcome)).toEqual([outcome, outcome])
  })

  it('R1.4 by LEEF is not known to have gone well where nothing says so', () => {
    expect(read(raw('leef-retrieve-password.raw.txt').replace('sev=5\t', '')).outcome).toBe('unknown')
  })
})
