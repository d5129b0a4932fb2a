import { describe, expect, it } from '@jest/globals'
import { Metrics } from './metrics.js'

async function linesOf(metrics: Metrics, name: string): Promise<string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith(name))
}

describe('a gauge', () => {
  it('is asked at each scrape and forgets what is no longer told', async () => {
    const metrics = new Metrics()
    let values: Record<string, number> = { a: 1, b: 2 }
    metrics.gauge({ name: 'lag', help: 'h', labels: ['lane'] }, () =>
      Object.entries(values).map(([lane, value]) => ({ labels: { lane }, value })),
    )
    expect(await linesOf(metrics, 'lag')).toEqual(['lag{lane="a"} 1', 'lag{lane="b"} 2'])
    values = { b: 3 }
    expect(await linesOf(metrics, 'lag')).toEqual(['lag{lane="b"} 3'])
  })

  it.each([
    ['fails', () => Promise.reject(new Error('no database'))],
    ['knows nothing', () => []],
    ['does not answer', () => new Promise<never>(() => undefined)],
  ])('that %s is absent, never zero, and the others are told', async (_, read) => {
    const metrics = new Metrics()
    metrics.gauge({ name: 'without_labels', help: 'h' }, read)
    metrics.gauge({ name: 'with_labels', help: 'h', labels: ['lane'] }, read)
    metrics.gauge({ name: 'other', help: 'h' }, () => [{ value: 7 }])
    const lines = (await metrics.text()).split('\n').filter((line) => /^(with|other)/.test(line))
    expect(lines).toEqual(['other 7'])
  })

  it('keeps text of labels from ending a line', async () => {
    const metrics = new Metrics()
    metrics.gauge({ name: 'lag', help: 'h', labels: ['lane'] }, () => [{ labels: { lane: 'a"} 1\nlag 9' }, value: 1 }])
    expect(await linesOf(metrics, 'lag')).toEqual(['lag{lane="a\\"} 1\\nlag 9"} 1'])
  })
})

describe('a process', () => {
  it('tells its memory, CPU time and event loop', async () => {
    const text = await new Metrics().text()
    for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds'])
      expect(text).toMatch(new RegExp(`^${name} `, 'm'))
  })
})
