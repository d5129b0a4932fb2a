/** Rows of `access_key`, by their name in the statement, that say what was known at a position: of a key, a verb and a fact one at most. */
export function knownAtSql(row: string, position: string): string {
  return `${row}.first_position <= ${position} AND (${row}.until_position IS NULL OR ${row}.until_position > ${position})`
}

/** Rows of `access_fact` that say when it happened and who recorded it as it was known at a position: one that was dated or named otherwise then is in `access_told`. */
export function datedBySql(row: string, position: string): string {
  return `coalesce(${row}.since_position, ${row}.first_position) <= ${position}`
}

/** Facts as they were dated at a position, with their least source then. `columns`: of both tables. */
export function factsThenSql(columns: readonly string[], position: string, where: string): string {
  return `
    SELECT ${columns.join(', ')} FROM access_fact f WHERE ${datedBySql('f', position)} AND ${where}
    UNION ALL
    SELECT ${columns.join(', ')} FROM access_told t WHERE least AND ${knownAtSql('t', position)} AND ${where}`
}

/** Names, each once, that a credential was known by at a position: what was addressed by one of them alone may have been meant for it. */
export function namesThenSql(credential: string, position: string): string {
  return `
    SELECT named_credential FROM access_credential WHERE credential = ${credential} AND named_position <= ${position}
    UNION ALL
    SELECT named_credential FROM access_other_name WHERE credential = ${credential} AND first_position <= ${position}`
}

/** Unwrappings, once for each credential that they were of as it was known for a while, with what their own rows say. `r`: their name in the statement. */
export const UNWRAPPED = `(
  SELECT u.fact, u.credential, u.named_credential, u.container_name, u.occurred_us, u.first_position, u.until_position, true AS retrieval,
    f.source, f.since_position, f.kind, f.outcome, f.body, f.last_position
  FROM access_unwrapped u JOIN access_fact f ON f.fact = u.fact) AS r`
