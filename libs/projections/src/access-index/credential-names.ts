import type { Activity } from '@catena/domain'

export interface NamedRow {
  readonly activity: Activity
  /** From which on it is known under the name that the activity names. */
  readonly namedPosition: number
}

/** The least name of a credential, and since when it is known by each. */
export interface CredentialNames extends NamedRow {
  /** Under its other names; of nearly all credentials there are none. */
  readonly others: readonly NamedRow[]
}

/** In any order and however often: the same names, the same one least, each from the first position that tells it. */
export function addNamed(known: CredentialNames | undefined, row: NamedRow): CredentialNames {
  if (known === undefined) return { ...row, others: [] }
  const { others } = known
  if (isNamedAlike(known, row)) return { ...earlierNamed(known, row), others }
  const isLeast = leastNamed(known.activity, row.activity) === row.activity
  const [least, other] = isLeast ? [row, known] : [known, row]
  return { activity: least.activity, namedPosition: least.namedPosition, others: withOther(others, other) }
}

function withOther(others: readonly NamedRow[], { activity, namedPosition }: NamedRow): readonly NamedRow[] {
  const other = { activity, namedPosition }
  const same = others.find((one) => isNamedAlike(one, other))
  return [...others.filter((one) => one !== same), same === undefined ? other : earlierNamed(same, other)]
}

function isNamedAlike(a: NamedRow, b: NamedRow): boolean {
  return (a.activity.target?.containerName ?? '') === (b.activity.target?.containerName ?? '')
}

function earlierNamed(a: NamedRow, b: NamedRow): NamedRow {
  return { activity: leastNamed(a.activity, b.activity), namedPosition: Math.min(a.namedPosition, b.namedPosition) }
}

/** A mount can be renamed: of several names the least stands, and any name before none. */
function leastNamed(a: Activity, b: Activity): Activity {
  const [x, y] = [a.target?.containerName, b.target?.containerName]
  return x === undefined || (y !== undefined && y < x) ? b : a
}
