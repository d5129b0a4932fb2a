import type { Key } from '@catena/domain'
import type { RecertificationDesk } from '../desk/desk.js'
import type { AccessRow, SeenEnd } from '../ports/access-summary.js'
import type { Identity } from '../ports/people.js'
import { accessRow } from './access.js'
import { identity, personKey } from './campaign.js'

export const NAMES = ['ada', 'bob', 'cleo', 'dan', 'eve'] as const
const SLOTS = 3

/** An access with what its records told before its newest retrieval. */
interface Held {
  readonly row: AccessRow
  readonly before: Pick<AccessRow, 'lastUsedAt' | 'uses'>
}

interface State {
  readonly from: number
  readonly held: ReadonlyMap<string, Held>
  readonly owners: ReadonlyMap<string, Key>
}

/**
 * An invented organisation: everybody holds three accesses and owns some of the others'. It is a fake of what the records tell, by position and time
 * as they do: what happened is known from a position on, and a time before it does not show it.
 */
export class Organisation {
  private readonly first: State
  private readonly states: State[] = []
  private readonly left = new Map<string, number>()

  constructor(
    private readonly head: () => Promise<number>,
    private readonly now: () => number,
    start: number,
  ) {
    const rows = NAMES.flatMap((name, index) => Array.from({ length: SLOTS }, (_, slot) => heldBy(name, `${index}${slot}`, start)))
    // Owners in a ring, so that each owns what the next one uses, and one owns his own: he is in conflict, and the manager takes over.
    const owners = rows.map(({ credential }, index): [string, Key] => [credential.id, personKey(NAMES[(Math.floor(index / SLOTS) + (index % SLOTS)) % NAMES.length] ?? 'ada')])
    this.first = { from: 0, owners: new Map(owners), held: new Map(rows.map((row) => [row.credential.id, { row, before: row }])) }
  } // prettier-ignore

  person(name: string): Identity {
    const leftAt = this.left.get(name)
    return identity(name, leftAt !== undefined && leftAt <= this.now() ? { leftAt } : {})
  }

  leaves(name: string): Promise<void> {
    this.left.set(name, this.now())
    return this.learn((state) => state)
  }

  owns(name: string, credential: string): Promise<void> {
    return this.learn((state) => ({ ...state, owners: new Map([...state.owners, [credential, personKey(name)]]) }))
  }

  /** Somebody obtains a new credential. */
  obtains(name: string, slot: string, owner: string): Promise<void> {
    const row = heldBy(name, slot, this.now())
    return this.learn((state) => ({
      ...state,
      owners: new Map([...state.owners, [row.credential.id, personKey(owner)]]),
      held: new Map([...state.held, [row.credential.id, { row, before: row }]]),
    }))
  }

  /** A success now: after an end the access is back. */
  uses(credential: string, position: number): Promise<void> {
    return this.change(credential, ({ row }) => ({
      before: row,
      row: { ...row, lastUsedAt: this.now(), uses: row.uses + 1, evidence: [...row.evidence, position] },
    }))
  }

  ends(credential: string, how: string, position: number): Promise<void> {
    return this.change(credential, ({ row, before }) => ({ before, row: { ...row, ...endedBy({ at: this.now(), how, positions: [position] }, row) } }))
  } // prettier-ignore

  /** A record of long ago comes late. */
  comesLate(credential: string): Promise<void> {
    return this.change(credential, ({ row, before }) => ({ before, row: { ...row, chain: 'ambiguous' } }))
  }

  credentials(): string[] {
    return [...this.at(Infinity).held.keys()]
  }

  private change(credential: string, to: (held: Held) => Held): Promise<void> {
    return this.learn((state) => {
      const held = state.held.get(credential)
      return held === undefined ? state : { ...state, held: new Map([...state.held, [credential, to(held)]]) }
    })
  }

  private async learn(to: (state: State) => State): Promise<void> {
    this.states.push({ ...to(this.at(Infinity)), from: (await this.head()) + 1 })
  }

  private at(position: number): State {
    return this.states.findLast(({ from }) => from <= position) ?? this.first
  }

  private rows(position: number, validAt: number | undefined): AccessRow[] {
    return [...this.at(position).held.values()].map(({ row, before }) => ({
      ...row,
      ...(row.lastUsedAt !== undefined && row.lastUsedAt > (validAt ?? Infinity) ? { lastUsedAt: before.lastUsedAt, uses: before.uses } : {}),
      ...(row.ended !== undefined && row.ended.at > (validAt ?? Infinity) ? { ended: undefined, lastEnd: undefined } : {}),
    }))
  } // prettier-ignore

  desk(streams: RecertificationDesk['streams'], pool: RecertificationDesk['pool']): RecertificationDesk {
    const rowsAt = (cut: { position: number; validAt: number | undefined }): AccessRow[] => this.rows(cut.position, cut.validAt)
    const summary: RecertificationDesk['summary'] = {
      version: 'fake',
      newest: this.head,
      async *rows(cut) {
        await Promise.resolve()
        yield* rowsAt(cut)
      },
      rowsOf: (ids, cut) => Promise.resolve(rowsAt(cut).filter(({ credential }) => ids.includes(credential.id))),
      knownBy: () => Promise.resolve(new Map()),
      changedSince: () => Promise.resolve(this.credentials()),
      pinned: async (work) => work(summary, await this.head()),
      completeness: () => Promise.resolve([{ source: 'vault', lastPosition: 1, lastHeardAt: this.now(), isLate: false, gaps: [], stored: 1, quarantined: 0 }]),
    }
    const directory: RecertificationDesk['directory'] = {
      identities: (keys) => Promise.resolve(new Map(keys.flatMap((key) => NAMES.filter((name) => personKey(name) === key).map((name) => [key, this.person(name)])))),
      managerOf: () => Promise.resolve(personKey('eve')),
      sponsorOf: () => Promise.resolve(undefined),
      membersOf: () => Promise.resolve([]),
    }
    return { streams, pool, summary, directory, owners: { ownersOf: (_, position) => Promise.resolve(this.at(position).owners) } }
  } // prettier-ignore
}

function endedBy(ended: SeenEnd, { lastUsedAt = 0 }: AccessRow): Pick<AccessRow, 'ended' | 'lastEnd'> {
  return { ended, lastEnd: { ...ended, obtainedAt: lastUsedAt } }
}

function heldBy(name: string, slot: string, at: number): AccessRow {
  return accessRow({
    credential: { id: slot.padEnd(32, 'a'), system: 'vault/prod', container: 'secret/', path: `team/${name}/${slot}` },
    accessor: { kind: 'person', key: personKey(name), name, aliases: [] },
    lastUsedAt: at,
  })
}
