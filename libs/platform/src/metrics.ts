import { setTimeout as sleep } from 'node:timers/promises'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Longest wait for the values of one gauge; a scraper waits for ten seconds by default. */
const SAMPLE_PATIENCE_MS = 2_000
/** Seconds; from a small batch to one that waits for the database. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** One value of a gauge under its labels. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

export interface Measure {
  /** With its unit last, as Prometheus names: `catena_projection_delay_seconds`. */
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
}

/**
 * What one process tells of itself in Prometheus' text format. Labels name configured sources, partitions, outcomes and parts only: their
 * number is bounded, and nothing of a record is among them.
 */
export class Metrics {
  private readonly registry = new Registry()

  /** With memory, CPU, garbage collection and event loop of this process. */
  constructor() {
    collectDefaultMetrics({ register: this.registry })
  }

  counter({ name, help, labels = [] }: Measure): (labels: Readonly<Record<string, string>>, value: number) => void {
    const counter = new Counter({ name, help, labelNames: labels, registers: [this.registry] })
    return (of, value) => counter.inc(of, value)
  }

  /** Durations in seconds. */
  durations({ name, help, labels = [] }: Measure): (labels: Readonly<Record<string, string>>, seconds: number) => void {
    const histogram = new Histogram({
      name,
      help,
      labelNames: labels,
      buckets: DURATION_BUCKETS,
      registers: [this.registry],
    })
    return (of, seconds) => histogram.observe(of, seconds)
  }

  /** Asked at each scrape. What cannot be told then is absent: a zero would be a statement. */
  gauge({ name, help, labels = [] }: Measure, read: () => Promise<readonly Sample[]> | readonly Sample[]): void {
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [this.registry],
      async collect() {
        const samples = await inTime(read)
        this.reset()
        // Without labels a reset gauge would say 0.
        if (samples.length === 0 && labels.length === 0) this.remove()
        for (const { labels: of = {}, value } of samples) this.set(of, value)
      },
    })
  }

  get contentType(): string {
    return this.registry.contentType
  }

  text(): Promise<string> {
    return this.registry.metrics()
  }
}

async function inTime(read: () => Promise<readonly Sample[]> | readonly Sample[]): Promise<readonly Sample[]> {
  const over = new AbortController()
  const patience = sleep(SAMPLE_PATIENCE_MS, [], { signal: over.signal, ref: false })
  try {
    return await Promise.race([read(), patience])
  } catch {
    // A scrape while the database is away still tells the rest.
    return []
  } finally {
    over.abort()
    patience.catch(() => undefined)
  }
}
