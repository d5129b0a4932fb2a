import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { LANES_OF_A_THREAD, type OpenWalkers, type WalkedStretch } from '@catena/governance'
import { AskedThread } from '@catena/platform'
import type { KnownAsOf, Stretch } from '@catena/projections'
import type { ReadingThreadData } from './reading-thread.js'

/** What a walking thread is begun with. */
export type WalkThreadData = Omit<ReadingThreadData, 'logLevel'>

export interface StretchQuestion {
  readonly asOf: KnownAsOf
  readonly stretch: Stretch
}

/** More than these wait for the one connection that writes what they walked. */
const THREADS_MAX = 4
const THREAD = new URL('./walk-thread.js', import.meta.url)

/** Opens threads that walk, one for each processor; undefined where code is compiled only as it is loaded, and there is no file to begin one with. */
export function walkThreads(data: WalkThreadData, file = THREAD): (() => OpenWalkers) | undefined {
  return existsSync(file) ? () => openThreads(data, file) : undefined
}

function openThreads(data: WalkThreadData, file: URL): OpenWalkers {
  const count = Math.min(THREADS_MAX, availableParallelism())
  const threads = Array.from({ length: count }, () => new AskedThread<StretchQuestion, WalkedStretch>(file, data))
  // Idle ones first: each has as many stretches in work as lanes.
  const free = Array.from({ length: LANES_OF_A_THREAD }, () => threads).flat()
  const walk = async (asOf: KnownAsOf, stretch: Stretch): Promise<WalkedStretch> => {
    const thread = free.shift()
    if (thread === undefined) throw new Error('more stretches in work than lanes')
    try {
      return await thread.ask({ asOf, stretch })
    } finally {
      free.push(thread)
    }
  }
  const end = async (): Promise<void> => {
    await Promise.all(threads.map((thread) => thread.end()))
  }
  return { lanes: free.length, walk, end }
}
