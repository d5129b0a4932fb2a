import {
  credentialKey,
  makeKey,
  type Federation,
  type Key,
  type KeyGroup,
  type Namespace,
  type Target,
} from '@catena/domain'
import { presentedClaims, type ReadField } from './federated-claims.js'
import { inMergeOrder } from './observation.js'

type Draft = Omit<KeyGroup, 'trust' | 'forms'> & Partial<Pick<KeyGroup, 'trust'>>

/** Key groups of one record. A value that the record does not give makes no group. `scope` is the source's own unless another is named. */
export class KeyGroups {
  private readonly collected: KeyGroup[] = []

  constructor(
    private readonly scope: string,
    private readonly position: number,
  ) {}

  get all(): readonly KeyGroup[] {
    return inMergeOrder(this.collected)
  }

  has(role: string): boolean {
    return this.collected.some((group) => group.role === role)
  }

  /** The holder authenticated. */
  login(role: string, namespace: Namespace, value: string | undefined, scope?: string): void {
    this.value({ role, verb: 'establishes', by: 'login' }, namespace, value, scope)
  }

  /** Made for whoever will hold it. */
  handOver(role: string, namespace: Namespace, value: string | undefined, scope?: string): void {
    this.value({ role, verb: 'establishes', by: 'handover' }, namespace, value, scope)
  }

  bind(role: string, namespace: Namespace, value: string | undefined, scope?: string): void {
    this.value({ role, verb: 'binds' }, namespace, value, scope)
  }

  end(role: string, namespace: Namespace, value: string | undefined, scope?: string): void {
    this.value({ role, verb: 'ends' }, namespace, value, scope)
  }

  present(role: string, namespace: Namespace, value: string | undefined, scope?: string): void {
    this.value({ role, verb: 'presents' }, namespace, value, scope)
  }

  /** Named by the record, but not what the activity came through. */
  mention(role: string, namespace: Namespace, value: string | undefined, scope?: string): void {
    this.value({ role, verb: 'presents', sideways: true }, namespace, value, scope)
  }

  /** What the caller wrote: a hint, never a link. */
  claim(role: string, namespace: Namespace, value: string | undefined, scope?: string): void {
    this.value({ role, verb: 'presents', trust: 'claimed' }, namespace, value, scope)
  }

  describe(role: string, namespace: Namespace, value: string | undefined, scope?: string): void {
    this.value({ role, verb: 'describes' }, namespace, value, scope)
  }

  /** The slot whose content this activity replaced, removed or brought back. */
  endSlot(target: Target | undefined): void {
    this.add({ role: 'slot', verb: 'ends' }, target === undefined ? undefined : credentialKey(target))
  }

  /** A group that was made elsewhere. */
  put(group: KeyGroup): void {
    this.collected.push(group)
  }

  /** A slot beside the path. */
  mentionSlot(role: string, target: Target | undefined): void {
    this.add({ role, verb: 'presents', sideways: true }, target === undefined ? undefined : credentialKey(target))
  }

  /** What a login's token claimed, where the federation says that it stands. */
  claims(federation: Federation, fieldOf: ReadField): void {
    this.collected.push(...presentedClaims(federation, fieldOf, this.position))
  }

  add(draft: Draft, key: Key | undefined): void {
    if (key !== undefined)
      this.collected.push({ trust: 'verified', ...draft, forms: [{ key, position: this.position }] })
  }

  private value(draft: Draft, namespace: Namespace, value: string | undefined, scope = this.scope): void {
    this.add(draft, value === undefined ? undefined : makeKey(namespace, scope, value))
  }
}
