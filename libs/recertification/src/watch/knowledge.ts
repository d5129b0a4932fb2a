import type { Decided, Instant, Key } from '@catena/domain'
import type { RecertificationDesk } from '../desk/desk.js'
import { subjectOf } from '../population/identity.js'
import type { AccessRow } from '../ports/access-summary.js'

/** An access with whoever answered for its credential. */
export interface SeenAccess {
  readonly row: AccessRow
  readonly owner: Key | undefined
}

/** What is known at several cuts, each asked for once, however many campaigns look. */
export class Knowledge {
  private readonly changes = new Map<number, Promise<readonly string[]>>()
  private readonly views = new Map<string, Map<string, readonly SeenAccess[]>>()

  constructor(
    private readonly desk: Pick<RecertificationDesk, 'summary' | 'owners'>,
    readonly by: Decided,
    /** The newest cut. */
    readonly position: number,
  ) {}

  changedSince(from: number): Promise<readonly string[]> {
    const known = this.changes.get(from) ?? this.desk.summary.changedSince(from)
    this.changes.set(from, known)
    return known
  }

  /** Accesses to the credentials, by their subject. */
  async view(credentials: readonly string[], position: number, validAt: Instant): Promise<ReadonlyMap<string, SeenAccess>> {
    const name = `${position} ${validAt}`
    const known = this.views.get(name) ?? new Map<string, readonly SeenAccess[]>()
    this.views.set(name, known)
    const missing = credentials.filter((id) => !known.has(id))
    if (missing.length > 0) for (const [id, seen] of await this.read(missing, position, validAt)) known.set(id, seen)
    return new Map(credentials.flatMap((id) => known.get(id) ?? []).map((seen) => [subjectOf(seen.row), seen]))
  } // prettier-ignore

  private async read(credentials: readonly string[], position: number, validAt: Instant): Promise<Map<string, SeenAccess[]>> {
    const rows = await this.desk.summary.rowsOf(credentials, { position, validAt })
    const slots = [...new Map(rows.map(({ credential }) => [credential.id, credential])).values()]
    const ownerOf = await this.desk.owners.ownersOf(slots, position)
    const found = new Map(credentials.map((id): [string, SeenAccess[]] => [id, []]))
    for (const row of rows) found.get(row.credential.id)?.push({ row, owner: ownerOf.get(row.credential.id) })
    return found
  } // prettier-ignore
}
