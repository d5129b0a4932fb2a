import { setTimeout as sleep } from 'node:timers/promises'
import type { TestBroker } from '@catena/testing'
import type { Chance } from '../faults/kafka-feed.js'
import type { Member } from '../faults/start-ingest.js'

/** What faults can be done to. */
export interface Targets {
  readonly ingests: Crew
  readonly projectors: Crew
  readonly broker: TestBroker
  killDatabase(): Promise<void>
}

/** Processes of one kind; one that ended is replaced. */
export class Crew {
  private readonly members: Member[]

  constructor(
    size: number,
    private readonly start: () => Member,
  ) {
    this.members = Array.from({ length: size }, start)
  }

  async replace(index: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const member = this.members[index % this.members.length]
    if (member === undefined) return
    member.kill(signal)
    await member.ended
    this.members[this.members.indexOf(member)] = this.start()
  }

  async freeze(index: number, durationMs: number): Promise<void> {
    const member = this.members[index % this.members.length]
    member?.kill('SIGSTOP')
    await sleep(durationMs)
    member?.kill('SIGCONT')
  }

  /** Those that ended though nobody ended them. */
  async dead(): Promise<Member[]> {
    const ends = await Promise.all(this.members.map((member) => Promise.race([member.ended, sleep(50)])))
    return this.members.filter((_, index) => ends[index] !== undefined)
  }
}

interface Fault {
  readonly name: string
  readonly weight: number
  strike(targets: Targets, random: Chance): Promise<void>
}

const some = (random: Chance): number => Math.floor(random() * 100)
/** Some shorter than a session of 3 s, some longer. */
const aWhile = (random: Chance): number => 500 + Math.floor(random() * 5_500)

const FAULTS: readonly Fault[] = [
  { name: 'ingest killed', weight: 4, strike: ({ ingests }, random) => ingests.replace(some(random), 'SIGKILL') },
  { name: 'ingest ended in order', weight: 2, strike: ({ ingests }, random) => ingests.replace(some(random), 'SIGTERM') },
  { name: 'ingest stopped for a while', weight: 4, strike: ({ ingests }, random) => ingests.freeze(some(random), aWhile(random)) },
  { name: 'projector killed', weight: 3, strike: ({ projectors }, random) => projectors.replace(some(random), 'SIGKILL') },
  { name: 'projector stopped for a while', weight: 2, strike: ({ projectors }, random) => projectors.freeze(some(random), aWhile(random)) },
  { name: 'PostgreSQL killed', weight: 2, strike: ({ killDatabase }) => killDatabase() },
  { name: 'broker killed and started again', weight: 1, strike: ({ broker }) => broker.restart() },
  { name: 'broker stopped for a while', weight: 1,
    async strike({ broker }, random) {
      broker.freeze()
      await sleep(aWhile(random))
      broker.thaw()
    } },
] // prettier-ignore

/** Strikes one random fault after another, with pauses, until the time is over. Returns how often each struck. */
export async function strikeUntil(endMs: number, targets: Targets, random: Chance): Promise<Map<string, number>> {
  const struck = new Map<string, number>()
  while (Date.now() < endMs) {
    const fault = pick(random)
    struck.set(fault.name, (struck.get(fault.name) ?? 0) + 1)
    await fault.strike(targets, random)
    await sleep(500 + random() * 2_500)
  }
  return struck
}

function pick(random: Chance): Fault {
  let left = random() * FAULTS.reduce((sum, { weight }) => sum + weight, 0)
  return FAULTS.find(({ weight }) => (left -= weight) < 0) ?? FAULTS[0]!
}
