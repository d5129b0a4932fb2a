import type pg from 'pg'
import { undashed, type Uuid } from './identity.js'

/** Positions whose keys are read with the question how far the index is; of more they are read beside. */
const FOLLOWED_AT_ONCE = 5_000
/** Positions read at once beside: nobody else of this thread waits longer than some milliseconds. */
const LOADED_AT_ONCE = 20_000
/** Until then a command that asks once is through. */
const LOAD_AFTER_MS = 2_000
/** Pairs of the first set of bits, one and a half MB. */
const PAIRS_FIRST = 1 << 20
/** So many times as many the next one. */
const GROWTH = 4
/** About 130 MB; beyond it everything is asked. */
const PAIRS_MAX = 1 << 26
/** With four probes, of 150 pairs that nobody carries one is asked in vain. */
const BITS_PER_PAIR = 12

interface Row {
  readonly position: string
  /** Of the tables that serve. */
  readonly generation: string
  readonly key: string | null
  readonly verb: number | null
}

const pairsSql = (from: string, to: string): string => `
  SELECT DISTINCT key, verb FROM access_key WHERE first_position > ${from} AND first_position <= ${to}`

/** Keys of each verb, 16 bytes each: to take a million rows apart costs this thread ten times as much. */
const packedPairsSql = `
  SELECT verb, string_agg(uuid_send(key), ''::bytea) AS keys FROM (${pairsSql('$1', '$2')}) AS pair GROUP BY verb`

/**
 * Which keys facts carry by which verbs, as a Bloom filter in memory: most of what a walk asks leads nowhere, and is not asked. It follows the positions of
 * the access index, where rows of new pairs are written once and with their checkpoint; another generation of it begins anew.
 */
export class KeyFilter {
  private pairs = new GrowingFilter()
  private generation = ''
  /** Up to here all pairs are in. */
  private position = 0
  private loading = false

  constructor(
    private readonly pool: Pick<pg.Pool, 'query'>,
    private readonly loadAfterMs = LOAD_AFTER_MS,
    /** Called where another generation of the index serves. */
    private readonly onGeneration: () => void = () => undefined,
  ) {}

  /** Position up to which the index serves; what is new of it is in the filter then, unless that is much. */
  async follow(): Promise<number> {
    const followed = this.position
    const from = this.loading || this.pairs.isFull() ? null : followed
    const { rows } = await this.pool.query<Row>({
      name: 'access-position',
      text: `SELECT position, projection.tableoid::text AS generation, new.key, new.verb FROM projection
        LEFT JOIN LATERAL (${pairsSql('$1::bigint', `least(position, $1::bigint + ${FOLLOWED_AT_ONCE})`)}) AS new ON true
        WHERE name = 'access-index'`,
      values: [from],
    })
    const [row] = rows
    if (row === undefined) return 0
    const position = Number(row.position)
    // An index that stands before what was followed when it was asked went back; of two answers the later may tell of less.
    if (row.generation !== this.generation || position < followed) this.begin(row.generation)
    if (from === this.position) this.addRows(rows, Math.min(position, from + FOLLOWED_AT_ONCE))
    if (position - this.position > FOLLOWED_AT_ONCE) this.loadBeside(position)
    return position
  }

  /** False: as of this position no fact carries the key by the verb. */
  mayCarry(position: number, key: Uuid, verb: number): boolean {
    return position > this.position || this.pairs.mayHold(wordsOf(key), verb)
  }

  private begin(generation: string): void {
    if (generation !== this.generation) this.onGeneration()
    this.pairs = new GrowingFilter()
    this.generation = generation
    this.position = 0
  }

  private addRows(rows: readonly Row[], through: number): void {
    for (const { key, verb } of rows) if (key !== null && verb !== null) this.pairs.add(wordsOf(undashed(key)), verb)
    this.reach(through)
  }

  private reach(through: number): void {
    if (this.pairs.isFull()) this.position = 0
    else this.position = Math.max(this.position, through)
  }

  private loadBeside(through: number): void {
    if (this.loading || this.pairs.isFull()) return
    this.loading = true
    setTimeout(() => void this.load(through), this.loadAfterMs).unref()
  }

  /** Whoever asks next begins again where this ended. */
  private async load(through: number): Promise<void> {
    const { pairs } = this
    try {
      while (this.position < through && this.pairs === pairs && !pairs.isFull()) {
        const to = this.position + LOADED_AT_ONCE
        const { rows } = await this.pool.query<{ verb: number; keys: Buffer }>({
          name: 'access-pairs',
          text: packedPairsSql,
          values: [this.position, to],
        })
        // What was begun anew meanwhile lacks all that came before these.
        if (this.pairs !== pairs) return
        for (const { verb, keys } of rows) pairs.addPacked(keys, verb)
        this.reach(Math.min(to, through))
      }
    } catch {
      // Without it everything is asked; a connection that fails tells those who ask.
    } finally {
      this.loading = false
    }
  }
}

/** Of a key its four words, which are hashes already. */
type Words = Uint32Array

const words: Words = new Uint32Array(4)

/** Valid until the next call. */
function wordsOf(key: Uuid): Words {
  for (let word = 0; word < 4; word++) words[word] = Number.parseInt(key.slice(8 * word, 8 * word + 8), 16)
  return words
}

const KEY_BYTES = 16

/** Sets of bits, each larger than the one before: what is full is not read again. */
class GrowingFilter {
  private readonly sets: BitSet[] = [new BitSet(PAIRS_FIRST)]
  private held = 0

  addPacked(keys: Buffer, verb: number): void {
    for (let at = 0; at < keys.length; at += KEY_BYTES) {
      for (let word = 0; word < 4; word++) words[word] = keys.readUInt32BE(at + 4 * word)
      this.add(words, verb)
    }
  }

  add(key: Words, verb: number): void {
    if (this.mayHold(key, verb)) return
    this.held += 1
    let last = this.sets.at(-1)
    if (last === undefined || last.isFull())
      this.sets.push((last = new BitSet((last?.capacity ?? PAIRS_FIRST) * GROWTH)))
    last.add(key, verb)
  }

  mayHold(key: Words, verb: number): boolean {
    for (const set of this.sets) if (set.has(key, verb)) return true
    return false
  }

  isFull(): boolean {
    return this.held >= PAIRS_MAX
  }
}

/** Four bits a pair, one by each word of the key. */
class BitSet {
  private readonly bits: Uint8Array
  private held = 0

  constructor(readonly capacity: number) {
    this.bits = new Uint8Array((capacity * BITS_PER_PAIR) / 8)
  }

  isFull(): boolean {
    return this.held >= this.capacity
  }

  add(key: Words, verb: number): void {
    this.held += 1
    for (let word = 0; word < 4; word++) {
      const bit = this.bitOf(key[word] ?? 0, verb)
      this.bits[bit >>> 3] = (this.bits[bit >>> 3] ?? 0) | (1 << (bit & 7))
    }
  }

  has(key: Words, verb: number): boolean {
    for (let word = 0; word < 4; word++) {
      const bit = this.bitOf(key[word] ?? 0, verb)
      if (((this.bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false
    }
    return true
  }

  private bitOf(word: number, verb: number): number {
    return ((word ^ Math.imul(verb + 1, 0x9e3779b1)) >>> 0) % (this.bits.length * 8)
  }
}
