import type { FactIndex } from '@catena/access-chain'
import type { Activity, SourceInstance } from '@catena/domain'
import { credentialOf, namedCredentialOf } from '@catena/projections'
import type pg from 'pg'
import type { Knowledge } from './find-affected.js'
import { lostIn } from './lost.js'

/** What is to be judged anew: credentials, and names by which alone something was addressed, whichever credentials they are names of. */
export interface Marked {
  readonly credentials: Iterable<string>
  readonly names?: Iterable<string>
}

/** What is selected, each credential once with its position, has to be judged as of that position or a later one. */
export function intoStale(marked: string): string {
  return `INSERT INTO governance.stale_credential (credential, position) ${marked}
    ON CONFLICT (credential) DO UPDATE SET position = greatest(governance.stale_credential.position, excluded.position)`
}

const MARK = intoStale(`SELECT credential, $3 FROM (SELECT unnest($1::uuid[]) AS credential
  UNION SELECT credential FROM access_credential WHERE named_credential = ANY($2::uuid[])
  UNION SELECT credential FROM access_other_name WHERE named_credential = ANY($2::uuid[])) AS marked`)

export async function markStale(client: pg.ClientBase, { credentials, names = [] }: Marked, position: number): Promise<void> {
  const [ids, named] = [[...credentials], [...names]]
  if (ids.length + named.length === 0) return
  await client.query(MARK, [ids, named, position])
} // prettier-ignore

export async function markAll(client: pg.ClientBase, position: number): Promise<void> {
  await client.query(intoStale('SELECT credential, $1 FROM access_credential'), [position])
}

/** What was written, deleted or only asked for is judged too: that nobody obtained it changes no chain. */
export function markTargets(client: pg.ClientBase, activities: readonly Activity[], position: number): Promise<void> {
  const targets = activities.flatMap(({ target }) => target ?? [])
  const unplaced = targets.filter(({ container }) => container === undefined)
  const marked = { credentials: targets.flatMap((one) => credentialOf(one) ?? []), names: unplaced.map(namedCredentialOf) }
  return markStale(client, marked, position)
} // prettier-ignore

/** A gap that nobody knew of makes verdicts unknown. It widens by what else is lost within the hour, which changes none of them. */
export async function markLost(
  client: pg.ClientBase,
  sources: readonly SourceInstance[],
  { index, earlier }: Knowledge,
  { activities, position }: { readonly activities: readonly Activity[]; readonly position: number },
): Promise<void> {
  for (const lost of lostIn(activities, sources)) {
    const gaps = async (facts: FactIndex): Promise<number> => {
      const coverages = await Promise.all(lost.sources.map((id) => facts.coverage(id)))
      return coverages.reduce((sum, coverage) => sum + (coverage?.lost?.length ?? 0), 0)
    }
    if ((await gaps(index)) === (await gaps(earlier))) continue
    const { rows } = await client.query<{ credential: string }>(
      `SELECT credential FROM access_credential WHERE system = $1
       UNION SELECT credential FROM governance.retrieval WHERE source = ANY($2) AND credential IS NOT NULL`,
      [lost.system, lost.sources],
    )
    await markStale(client, { credentials: rows.map(({ credential }) => credential) }, position)
  }
}
