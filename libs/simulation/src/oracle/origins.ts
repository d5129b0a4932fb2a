import type { Person } from '../organisation/people.js'
import type { Repository } from '../organisation/repositories.js'

/** A session of a person at the identity provider, or an attempt of a CI run. */
export interface Origin {
  /** As answers name it. */
  readonly name: string
  readonly start: number
  /** A record tells that it existed. */
  readonly isSeen: boolean
  /** When it was over, and whether a record tells. */
  end?: number
  isEndSeen?: boolean
  /** When it is going to be over, where that is known from the start and a record will tell. */
  readonly dueEnd?: number | undefined
  readonly person?: Person
  readonly attempt?: { readonly run: number; readonly attempt: number; readonly repository: Repository }
  /** Names of the repository in the records that tell of it. */
  readonly names?: readonly string[]
}

/** GitHub lets no run live longer. */
export const ATTEMPT_MAX_MS = 35 * 24 * 3_600_000

/** What may stand behind a login by a key that outlives it. Forgets what no later login can have come through. */
export class Origins {
  private readonly bySlot = new Map<string, Origin[]>()

  keep(origin: Origin): void {
    if (!origin.isSeen) return
    const { person, attempt, names = [] } = origin
    if (person !== undefined) this.add(`person ${person.id}`, origin)
    if (attempt === undefined) return
    this.add(`run ${attempt.run}`, origin)
    for (const name of new Set(names)) this.add(`repository ${name}`, origin)
  }

  ofPerson(person: Person): readonly Origin[] {
    return this.bySlot.get(`person ${person.id}`) ?? []
  }

  ofRun(run: number): readonly Origin[] {
    return this.bySlot.get(`run ${run}`) ?? []
  }

  ofRepository(name: string): readonly Origin[] {
    return this.bySlot.get(`repository ${name}`) ?? []
  }

  /** Drops what was over, or can be no longer, a day before this moment. */
  forget(before: number, sessionMaxMs: number): void {
    for (const [slot, origins] of this.bySlot) {
      const left = origins.filter((origin) => lastMomentOf(origin, sessionMaxMs) > before)
      if (left.length === 0) this.bySlot.delete(slot)
      else if (left.length < origins.length) this.bySlot.set(slot, left)
    }
  }

  private add(slot: string, origin: Origin): void {
    const known = this.bySlot.get(slot)
    if (known === undefined) this.bySlot.set(slot, [origin])
    else known.push(origin)
  }
}

function lastMomentOf({ start, end, isEndSeen, attempt }: Origin, sessionMaxMs: number): number {
  if (isEndSeen === true && end !== undefined) return end
  return start + (attempt === undefined ? sessionMaxMs : ATTEMPT_MAX_MS)
}
