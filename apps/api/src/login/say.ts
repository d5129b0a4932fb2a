import { LoginRefused, ProviderUnavailable } from '@catena/callers'
import type { Response } from 'express'

export function say(response: Response, status: number, text: string): void {
  response.status(status).type('text/plain').send(`${text}\n`)
}

/** What a person can do something about is said; anything else is a fault. */
export async function orSay(response: Response, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof LoginRefused) say(response, 403, error.message)
    else if (error instanceof ProviderUnavailable)
      say(response, 503, 'The identity provider does not answer: try again in a moment.')
    else throw error
  }
}
