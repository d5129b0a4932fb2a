import { describe, expect, it } from '@jest/globals'
import { FigureCount } from './report-figures.js'
import { figuresCsv } from './over-campaigns.js'
import { wholePercent } from './whole-percent.js'

describe('R6.9 a share in percent', () => {
  it('is 100 only of all, 0 of less than one in a hundred, and else what was counted, rounded down', () => {
    for (let of = 1; of <= 400; of++)
      for (let part = 0; part <= of; part++)
        expect([part, of, wholePercent(part / of)]).toEqual([part, of, (100 * part - ((100 * part) % of)) / of])
  })

  it('is in the figures of campaigns what the counts beside it say', () => {
    const total = { ...new FigureCount().figures(), items: 50, expired: 21, votes: 100, late: 43 }
    const [head = '', line = ''] = figuresCsv({ rows: [], total, isCut: false }).split('\r\n')
    const cell = (column: string) => line.split(',')[head.split(',').indexOf(column)]
    expect([cell('covered percent'), cell('in time percent')]).toEqual(['58', '57'])
  })
})
