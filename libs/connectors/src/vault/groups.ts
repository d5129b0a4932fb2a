import {
  credentialKey,
  makeKey,
  type Federation,
  type Key,
  type KeyGroup,
  type Namespace,
  type Target,
  type Verb,
} from '@catena/domain'
import { presentedClaims, type ReadField } from '../federated-claims.js'
import { inMergeOrder } from '../observation.js'
import { named } from '../parsing.js'

type Names = readonly (string | undefined)[]
type More = Pick<KeyGroup, 'by' | 'sideways'> & Partial<Pick<KeyGroup, 'trust'>>

/** Makes the key groups of one record. A thing is given by every name that the record has for it. */
export class Groups {
  private readonly made: KeyGroup[] = []

  constructor(
    private readonly scope: string,
    private readonly position: number,
  ) {}

  get all(): KeyGroup[] {
    return inMergeOrder(this.made)
  }

  /** Clear accessors and HMACs of either form never collide. */
  token(role: string, verb: Verb, names: Names, more: More = {}): boolean {
    return this.add(role, verb, this.keys('vault-token', names.map(named)), more)
  }

  lease(role: string, verb: Verb, names: Names, more: More = {}): boolean {
    return this.add(role, verb, this.keys('vault-lease', names), more)
  }

  scoped(role: string, verb: Verb, namespace: Namespace, name: string | undefined, more: More = {}): boolean {
    return this.add(role, verb, this.keys(namespace, [named(name)]), more)
  }

  /** The slot whose content this activity replaced, removed or brought back. */
  credential(target: Target | undefined): boolean {
    const key = target === undefined ? undefined : credentialKey(target)
    return this.add('slot', 'ends', key === undefined ? [] : [key])
  }

  addClaims(federation: Federation, fieldOf: ReadField): void {
    this.made.push(...presentedClaims(federation, fieldOf, this.position))
  }

  has(role: string): boolean {
    return this.made.some((group) => group.role === role)
  }

  /** False where there is no key. */
  add(role: string, verb: Verb, keys: readonly Key[], more: More = {}): boolean {
    if (keys.length === 0) return false
    const forms = [...new Set(keys)].sort().map((key) => ({ key, position: this.position }))
    this.made.push({ role, verb, trust: 'verified', forms, ...more })
    return true
  }

  private keys(namespace: Namespace, names: Names): Key[] {
    const keys: Key[] = []
    for (const name of names) if (name !== undefined) keys.push(makeKey(namespace, this.scope, name))
    return keys
  }
}
