import type { Instant } from '@catena/domain'
import type pg from 'pg'
import type { Told } from '../derive.js'
import { appendToFeed, FeedMoved, type DerivedStep } from '../feed-table.js'
import { movePast, noteAgain, type Piece } from './again-table.js'
import { keepGrounds } from './ground-table.js'

/** Where the feed is derived from, and to. */
export interface Step extends Pick<DerivedStep, 'from' | 'to' | 'isErased'> {
  /** What was told again, and up to where. */
  readonly piece?: Piece
}

/** Inside the caller's transaction: all of it or nothing. Throws FeedMoved where another writer was there before. */
export async function writeTold(client: pg.ClientBase, told: Told, at: Instant, { from, to, isErased, piece }: Step): Promise<void> {
  await appendToFeed(client, told.drafts, at, { from, to, isErased, surroundings: told.surroundings })
  await keepGrounds(client, told.grounds)
  // Before anything is noted: what waits for the same from now on is to be told after this piece.
  if (piece !== undefined && !(await movePast(client, piece))) throw new FeedMoved()
  await noteAgain(client, told.again)
} // prettier-ignore
