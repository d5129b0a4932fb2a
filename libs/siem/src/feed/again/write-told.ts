import type { Instant } from '@catena/domain'
import type pg from 'pg'
import type { Told } from '../derive.js'
import { appendToFeed, FeedMoved, type DerivedStep } from '../feed-table.js'
import { movePast, noteAgain, type Piece } from './again-table.js'
import { keepGrounds } from './ground-table.js'

/**
 * Inside the caller's transaction: all of it or nothing. Throws FeedMoved where another writer was there before. `piece`: what was told again, and up
 * to where.
 */
export async function writeTold(client: pg.ClientBase, told: Told, at: Instant, step: Omit<DerivedStep, 'surroundings'>, piece?: Piece): Promise<void> {
  await appendToFeed(client, told.drafts, at, { ...step, surroundings: told.surroundings })
  await keepGrounds(client, told.grounds)
  // Before anything is noted: what waits for the same from now on is to be told after this piece.
  if (piece !== undefined && !(await movePast(client, piece))) throw new FeedMoved()
  await noteAgain(client, told.again)
} // prettier-ignore
