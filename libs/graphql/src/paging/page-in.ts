import type { Page, PageRequest } from '@catena/projections'

/** A page of a list that is whole in memory; the place of an item is its rank. */
export function pageIn<T>(all: readonly T[], { after, limit }: PageRequest): Page<T> {
  const start = after === undefined ? 0 : Number(after[0]) + 1
  const items = all.slice(start, start + limit).map((item, index) => ({ item, place: [String(start + index)] }))
  return { items, hasMore: start + limit < all.length }
}
