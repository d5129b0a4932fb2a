import {
  credentialKey,
  makeKey,
  type Federation,
  type KeyGroup,
  type Namespace,
  type Target,
  type Verb,
} from '@catena/domain'
import { presentedClaims, type ReadField } from '../federated-claims.js'
import { inMergeOrder } from '../observation.js'

type More = Pick<KeyGroup, 'by' | 'sideways'>

/** Access key ids and unique ids are AWS's own and never given twice, in whichever account they are seen. */
const SCOPE = 'aws'

/** Key groups of one event. A value that the event does not give makes no group. */
export class Groups {
  private readonly made: KeyGroup[] = []

  constructor(private readonly position: number) {}

  get all(): readonly KeyGroup[] {
    return inMergeOrder(this.made)
  }

  aws(role: string, verb: Verb, namespace: Namespace, value: string | undefined, more: More = {}): void {
    this.of(role, verb, namespace, SCOPE, value, more)
  }

  of(role: string, verb: Verb, namespace: Namespace, scope: string, value: string | undefined, more: More = {}): void {
    if (value === undefined) return
    const forms = [{ key: makeKey(namespace, scope, value), position: this.position }]
    this.made.push({ role, verb, trust: 'verified', forms, ...more })
  }

  addClaims(federation: Federation, fieldOf: ReadField): void {
    this.made.push(...presentedClaims(federation, fieldOf, this.position))
  }

  /** The slot whose content this event replaced, removed or brought back. */
  endSlot(target: Target, role = 'slot'): void {
    this.slot(role, 'ends', target)
  }

  /** A slot beside others that one call touched. */
  mentionSlot(target: Target, role: string): void {
    this.slot(role, 'presents', target, { sideways: true })
  }

  private slot(role: string, verb: Verb, target: Target, more: More = {}): void {
    const key = credentialKey(target)
    if (key !== undefined)
      this.made.push({ role, verb, trust: 'verified', forms: [{ key, position: this.position }], ...more })
  }
}
