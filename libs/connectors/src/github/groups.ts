import { issuerScope, makeKey, type KeyForm, type KeyGroup, type Namespace } from '@catena/domain'
import { inMergeOrder } from '../observation.js'

/** Key groups of one record of one host. A value that the record does not give makes no group. */
export class Groups {
  private readonly collected: KeyGroup[] = []
  private readonly scope: string

  constructor(
    host: string,
    private readonly position: number,
  ) {
    this.scope = issuerScope('github', host)
  }

  establish(role: string, namespace: Namespace, value: string | undefined): void {
    this.add({ role, verb: 'establishes', by: 'login' }, namespace, value)
  }

  bind(role: string, namespace: Namespace, value: string | undefined): void {
    this.add({ role, verb: 'binds' }, namespace, value)
  }

  end(role: string, namespace: Namespace, value: string | undefined): void {
    this.add({ role, verb: 'ends' }, namespace, value)
  }

  present(role: string, namespace: Namespace, value: string | undefined): void {
    this.add({ role, verb: 'presents' }, namespace, value)
  }

  /** Named by the record, but not what the activity came through. */
  mention(role: string, namespace: Namespace, value: string | undefined): void {
    this.add({ role, verb: 'presents', sideways: true }, namespace, value)
  }

  get all(): readonly KeyGroup[] {
    return inMergeOrder(this.collected)
  }

  private add(group: Omit<KeyGroup, 'trust' | 'forms'>, namespace: Namespace, value: string | undefined): void {
    if (value === undefined) return
    const form: KeyForm = { key: makeKey(namespace, this.scope, value), position: this.position }
    this.collected.push({ ...group, trust: 'verified', forms: [form] })
  }
}

/** Names on GitHub have no case, and other systems write them as their user did. */
export function folded(name: string | undefined): string | undefined {
  return name?.toLowerCase()
}

/** Both known: `<run id>/<attempt>`, `<owner>/<repository>/<environment>`. */
export function joined(first: string | undefined, second: string | undefined): string | undefined {
  return first === undefined || second === undefined ? undefined : `${first}/${second}`
}
