/** Rows of `access_key`, by their name in the statement, that say what was known at a position: of a key, a verb and a fact one at most. */
export function knownAtSql(row: string, position: string): string {
  return `${row}.first_position <= ${position} AND (${row}.until_position IS NULL OR ${row}.until_position > ${position})`
}
