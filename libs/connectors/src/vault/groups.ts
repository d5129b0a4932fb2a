import {
  credentialKey,
  makeKey,
  textAt,
  type JsonObject,
  type Key,
  type KeyGroup,
  type Namespace,
  type Target,
  type Verb,
} from '@catena/domain'

/** Makes key groups of one record; paths are members of the record whose values are names of one thing. */
export class Groups {
  readonly all: KeyGroup[] = []

  constructor(
    private readonly record: JsonObject,
    private readonly scope: string,
    private readonly position: number,
  ) {}

  /** A token by every name it has in this record. Clear accessors and HMACs of either form never collide. */
  token(role: string, verb: Verb, paths: readonly string[], more: Pick<KeyGroup, 'by' | 'sideways'> = {}): boolean {
    return this.add(
      role,
      verb,
      paths.map((path) => textAt(this.record, path)).map((value) => this.key('vault-token', value)),
      more,
    )
  }

  lease(
    role: string,
    verb: Verb,
    values: readonly (string | undefined)[],
    more: Pick<KeyGroup, 'by' | 'sideways'> = {},
  ): boolean {
    return this.add(
      role,
      verb,
      values.map((value) => this.key('vault-lease', value)),
      more,
    )
  }

  scoped(role: string, verb: Verb, namespace: Namespace, value: string): boolean {
    return this.add(role, verb, [makeKey(namespace, this.scope, value)])
  }

  /** The slot whose earlier content this activity replaced or removed. */
  credential(target: Target | undefined): boolean {
    return this.add('slot', 'ends', [target === undefined ? undefined : credentialKey(target)])
  }

  add(
    role: string,
    verb: Verb,
    keys: readonly (Key | undefined)[],
    more: Pick<KeyGroup, 'by' | 'sideways'> = {},
  ): boolean {
    const forms = [...new Set(keys)].filter((key) => key !== undefined).map((key) => ({ key, position: this.position }))
    if (forms.length > 0) this.all.push({ role, verb, trust: 'verified', forms, ...more })
    return forms.length > 0
  }

  private key(namespace: 'vault-token' | 'vault-lease', value: string | undefined): Key | undefined {
    return value === undefined ? undefined : makeKey(namespace, this.scope, value)
  }
}
