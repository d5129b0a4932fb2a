import { canonicalJson, merge, type Json } from '@catena/domain'
import type { LedgerEvent } from '@catena/ledger'
import { interpretEvent } from '@catena/projections'
import {
  foldFacts,
  inTurn,
  observe,
  rowsOf,
  SeenNames,
  type CredentialRow,
  type FactRow,
  type KeyRow,
  type NameRow,
  type Rows,
  type SeenRow,
  type StandingRow,
} from '../../libs/projections/src/access-index/rows.js'
import { connector, SOURCE } from './observations.js'

const INTERPRETATION = { sources: [SOURCE], connectorFor: () => connector }

/** With all its names, the least first, and since when each is known. */
interface NamedCredential extends SeenRow {
  readonly names: readonly (readonly [name: string | null, position: number])[]
}

/** The tables of a generation, in memory; rows meet as the statements of write-rows.ts let them. */
export class Tables {
  readonly facts = new Map<string, FactRow>()
  readonly keys = new Map<string, readonly KeyRow[]>()
  private readonly names = new Map<string, NameRow>()
  private readonly standing = new Map<string, StandingRow>()
  private readonly credentials = new Map<string, NamedCredential>()
  /** Rows loaded without being merged. */
  private appended: { fact: FactRow; keys: KeyRow[] }[] = []

  /** Folds in order, as a projector does. */
  apply(events: readonly LedgerEvent[], seen: SeenNames): void {
    const observed = observe(interpreted(events))
    const facts = foldFacts(observed)
    for (const [id, { activity }] of facts) {
      const known = this.facts.get(id)
      if (known !== undefined) facts.set(id, { fact: id, activity: merge(known.activity, activity) })
    }
    const rows = rowsOf(observed, facts, seen)
    for (const [id, row] of rows.facts) this.facts.set(id, row)
    for (const row of [...rows.keys.values()].flat()) this.addKey(row)
    this.addShared(rows)
  }

  /** Loads a batch of any range, as a rebuild does. */
  load(events: readonly LedgerEvent[], seen: SeenNames): void {
    const observed = observe(interpreted(events))
    const rows = rowsOf(observed, foldFacts(observed), seen)
    for (const fact of rows.facts.values())
      this.appended.push({ fact, keys: [...rows.keys.values()].flat().filter((key) => key.fact === fact.fact) })
    this.addShared(rows)
  }

  /** Keeps what one batch told of; returns the positions of the rest. */
  takeRepeated(): number[] {
    const count = new Map<string, number>()
    for (const { fact } of this.appended) count.set(fact.fact, (count.get(fact.fact) ?? 0) + 1)
    const positions: number[] = []
    for (const { fact, keys } of this.appended) {
      if (count.get(fact.fact) !== 1) positions.push(...fact.activity.positions)
      else {
        this.facts.set(fact.fact, fact)
        for (const key of keys) this.addKey(key)
      }
    }
    this.appended = []
    return positions.sort((a, b) => a - b)
  }

  /** Equal for equal rows, in whatever order they came. */
  state(): string {
    const tables = [this.facts, this.keys, this.names, this.standing, this.credentials].map((table) =>
      [...table].map(([id, row]) => `${id} ${canonicalJson(row as unknown as Json)}`).sort(),
    )
    return tables.map((rows) => rows.join('\n')).join('\n\n')
  }

  private addShared(rows: Rows): void {
    for (const [id, row] of rows.names) {
      const known = this.names.get(id)
      if (known === undefined || row.firstPosition < known.firstPosition) this.names.set(id, row)
    }
    for (const [id, row] of rows.standing) this.standing.set(id, { ...row, ...widened(this.standing.get(id), row) })
    for (const [id, row] of rows.credentials) {
      const known = this.credentials.get(id)
      this.credentials.set(id, { names: together([...(known?.names ?? []), ...namesOf(row)]), ...widened(known, row) })
    }
  }

  private addKey(row: KeyRow): void {
    const id = `${row.key} ${row.verb} ${row.fact}`
    this.keys.set(id, inTurn([...(this.keys.get(id) ?? []), row]))
  }
}

function interpreted(events: readonly LedgerEvent[]) {
  return events.map((event) => interpretEvent(event, INTERPRETATION)).filter((activity) => activity !== undefined)
}

function namesOf(row: CredentialRow): NamedCredential['names'] {
  return [row, ...row.others].map(({ activity, namedPosition }) => [activity.target?.containerName ?? null, namedPosition]) // prettier-ignore
}

/** Each name once; none comes last. */
function together(names: NamedCredential['names']): NamedCredential['names'] {
  const inOrder = [...names].sort(([a, x], [b, y]) => (a === b ? x - y : a !== null && (b === null || a < b) ? -1 : 1))
  return inOrder.filter(([name], number) => number === 0 || name !== inOrder[number - 1]?.[0])
}

function widened(known: SeenRow | undefined, row: SeenRow) {
  return {
    firstUs: Math.min(known?.firstUs ?? row.firstUs, row.firstUs),
    lastUs: Math.max(known?.lastUs ?? row.lastUs, row.lastUs),
    firstPosition: Math.min(known?.firstPosition ?? row.firstPosition, row.firstPosition),
  }
}
