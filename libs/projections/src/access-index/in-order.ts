/**
 * Leading columns of an index between two rows of values, for a query that takes the first few in the order of the index: the planner has it read no further
 * than that. Of single conditions it believes that few rows meet them, or plans while the table is small, and has all read, however many they are.
 */
export function betweenRowsSql(columns: readonly string[], from: readonly string[], to: readonly string[]): string {
  const row = columns.join(', ')
  return `(${row}) >= (${from.join(', ')}) AND (${row}) <= (${to.join(', ')})`
}
