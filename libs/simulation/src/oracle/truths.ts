import type { Output } from '../records/journal.js'
import type { Aspect } from './aspect.js'

export const TRUTH_FILE = 'truth.jsonl'

/** What really happened behind one request, and what the records justify saying of it. */
export interface Truth {
  readonly op: number
  /** The vault's request id; of other systems the fact id. */
  readonly request_id: string
  readonly fact: string
  readonly at: string
  readonly action: string
  readonly target: string
  readonly hop: string
  readonly path: Aspect
  readonly actor: Aspect
  /** Who agreed to it, where it was done under a request. */
  readonly right?: Aspect | undefined
}

/** Writes the truth beside the records, as it happens. */
export class Truths {
  written = 0
  /** Uses of one token share what is true of them. */
  private readonly told = new WeakMap<Aspect, string>()

  constructor(private readonly out: Output) {}

  tell(truth: Omit<Truth, 'op'>): void {
    const { request_id, fact, at, action, target, hop, path, actor, right } = truth
    this.out.write(
      TRUTH_FILE,
      `{"op":${++this.written},"request_id":"${request_id}","fact":"${fact}","at":"${at}","action":"${action}","target":"${target}","hop":"${hop}",` +
        `"path":${this.jsonOf(path)},"actor":${this.jsonOf(actor)}${right === undefined ? '' : `,"right":${this.jsonOf(right)}`}}`,
    )
  }

  private jsonOf(aspect: Aspect): string {
    const known = this.told.get(aspect)
    if (known !== undefined) return known
    const json = JSON.stringify(aspect)
    this.told.set(aspect, json)
    return json
  }
}
