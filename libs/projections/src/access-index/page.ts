/** A page in one direction; `after` is the last item's place, `limit` counts items. */
export interface PageRequest {
  readonly after?: readonly string[] | undefined
  readonly limit: number
}
export interface Page<T> {
  readonly items: readonly { readonly item: T; readonly place: readonly string[] }[]
  readonly hasMore: boolean
}

/** One row more than the limit was asked for: it tells that there are more. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  read: (row: R) => T,
  place: (item: T) => readonly string[],
): Page<T> {
  const items = rows.slice(0, limit).map(read)
  return { items: items.map((item) => ({ item, place: place(item) })), hasMore: rows.length > limit }
}
