import { expect } from '@jest/globals'
import { Malformer } from './malformer.js'

const AT_ONCE = 16

/** Where is shot at, and with what of a caller. */
export interface Target {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface Shot {
  readonly status: number
  readonly text: string
}

/** What shoots once, and otherwise the next time, in ways that the seed of the malformer decides. */
export type Aim = (target: Target, malformer: Malformer) => () => Promise<Shot>

export async function shot(url: string, init: RequestInit): Promise<Shot> {
  const response = await fetch(url, init)
  return { status: response.status, text: await response.text() }
}

/** How often each status was answered. */
export async function shoot(aim: Aim, target: Target, count: number, seed: number): Promise<Map<number, number>> {
  const one = aim(target, new Malformer(seed))
  const statuses = new Map<number, number>()
  let left = count
  const shooter = async (): Promise<void> => {
    while (left-- > 0) {
      const { status, text } = await one()
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      expect([status, text.slice(0, 300)]).toEqual([status < 500 ? status : 0, text.slice(0, 300)])
      expect(text).not.toMatch(/node_modules|INTERNAL|at \w+ \(|SELECT /)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, shooter))
  return statuses
}
