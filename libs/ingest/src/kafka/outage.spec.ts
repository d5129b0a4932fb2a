import { beforeEach, describe, expect, it } from '@jest/globals'
import { Outage, RETRY_FIRST_MS, RETRY_MAX_MS, SUMMARY_EVERY_MS } from './outage.js'

let now: number
let told: string[]
let share: number
let outage: Outage

beforeEach(() => {
  now = 1_000_000
  told = []
  share = 0
  outage = new Outage(
    (level, message, fields) => told.push(`${level} ${message} ${JSON.stringify(fields)}`),
    { begins: 'gone', lasts: 'still gone', ends: 'back' },
    () => now,
    () => share,
  )
})

describe('something that is away', () => {
  it('is waited for twice as long each time, up to half a minute', () => {
    const waits = Array.from({ length: 10 }, () => outage.failed(new Error('refused')))
    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8].map((times) => times * RETRY_FIRST_MS))
    expect(waits.slice(-2)).toEqual([RETRY_MAX_MS, RETRY_MAX_MS])
  })

  it('is waited for with jitter', () => {
    share = 0.999
    expect(outage.failed(new Error('refused'))).toBe(Math.round(RETRY_FIRST_MS * 0.5005))
  })

  it('is told of when it begins, once a minute, and when it ends', () => {
    for (let second = 0; second < 130; second += 1) {
      outage.failed(new Error('refused'))
      now += 1_000
    }
    expect(outage.isOngoing).toBe(true)
    outage.over()
    expect(outage.isOngoing).toBe(false)
    expect(told.map((line) => line.replace(/ \{.*/, ''))).toEqual([
      'error gone',
      'error still gone',
      'error still gone',
      'info back',
    ])
    expect(told[1]).toContain(`"seconds":${SUMMARY_EVERY_MS / 1000},"tries":61`)
    expect(told[3]).toContain('"seconds":130,"tries":130')
  })

  it('begins anew after it was back, and is not told to be back twice', () => {
    outage.failed(new Error('refused'))
    outage.over()
    outage.over()
    expect(outage.failed(new Error('refused'))).toBe(RETRY_FIRST_MS)
    expect(told).toHaveLength(3)
  })
})
