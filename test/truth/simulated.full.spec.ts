import { createHash } from 'node:crypto'
import { MemoryFacts, walk, WALK_DEFAULTS, type Chain } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import type { SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { answerOf } from './answers.js'
import { Chance } from './simulation/chance.js'
import { Course } from './simulation/course.js'
import { fault } from './simulation/truth.js'

/** One world: `CATENA_SIMULATION_SEED=17 npm test -- test/truth/simulated`. */
const ONE = process.env.CATENA_SIMULATION_SEED
const SEEDS = ONE === undefined ? Array.from({ length: 300 }, (_, index) => index + 1) : [Number(ONE)]
const STEPS = 70

describe('simulated organisations whose truth is known', () => {
  it('R1.4 are never told more than their records justify, and everything that they prove', async () => {
    const faults: string[] = []
    const asked = { proven: 0, inferred: 0, ambiguous: 0 }
    for (const seed of SEEDS) {
      const course = new Course(new Chance(seed), STEPS)
      const chains = await chainsOf(course)
      for (const truth of course.truths()) {
        const chain = chains.get(`vault:prod:${truth.request}`)
        if (chain === undefined) continue
        const { path, actor } = answerOf(truth.request, chain)
        const wrong = [
          ['path', truth.path, fault(truth.path, { ...path, named: path.through })] as const,
          ['actor', truth.actor, fault(truth.actor, { ...actor, named: actor.principal })] as const,
        ]
        for (const [aspect, expected, what] of wrong) {
          if (expected.need !== 'missing') asked[expected.need]++
          if (what !== undefined)
            faults.push(
              `seed ${seed}: ${what}: ${aspect} of ${truth.what} ${truth.request}: ${JSON.stringify(expected)} but ${JSON.stringify(aspect === 'path' ? path : actor)}`,
            )
        }
      }
    }
    expect(faults.slice(0, 10)).toEqual([])
    expect(ONE !== undefined || Math.min(...Object.values(asked)) > 500).toBe(true)
  }, 60_000)
})

async function chainsOf(course: Course): Promise<Map<string, Chain>> {
  const sources = course.organisation.sources()
  const facts = new MemoryFacts()
  let position = 0
  const feed = (source: SourceInstance | undefined, lines: readonly string[]): void => {
    if (source === undefined) return
    const connector = connectorFor(source.kind)
    for (const line of lines) {
      const record = connector.parse(line)
      const { stream, type, occurredAt = END } = connector.identify(record)
      const recordId = createHash('sha256').update(line).digest('hex')
      const payload = connector.redact(record, (value) => `masked:${value}`, source)
      facts.add(
        connector.interpret(
          { position: ++position, source: source.id, stream, type, occurredAt, recordedAt: END, recordId, payload },
          source,
        ),
      )
    }
  }
  feed(
    sources[0],
    course.organisation.devices.flatMap((device) => device.lines),
  )
  feed(sources[1], [...course.keycloak, ...course.directory()])
  feed(sources[2], course.github)
  const index = facts.at({ position })
  const requests = index.all.filter((fact) => fact.source === 'vault')
  const chains = await walk(index, requests, { ...WALK_DEFAULTS, sources })
  return new Map(chains.map((chain) => [chain.fact.factId, chain]))
}

const END = Date.UTC(2026, 2, 3)
