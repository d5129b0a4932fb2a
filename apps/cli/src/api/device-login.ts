import { setTimeout as sleep } from 'node:timers/promises'
import type { CliContext } from '../context.js'
import { CommandFailure } from '../exit-codes.js'
import { escapeText } from '../terminal/escape.js'
import { callApi } from './reach-api.js'

/** What Catena tells of a login that was begun. */
interface Begun {
  readonly secret: string
  readonly url: string
  readonly urlWithCode?: string
  readonly code: string
  readonly expiresInS: number
  readonly intervalS: number
}

type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>
const waiting: Wait = (ms, signal) => sleep(ms, undefined, { signal })

/**
 * Signs in on a machine without a browser (RFC 8628): a person opens an address elsewhere and compares a code. Resolves with the token of the
 * session. Throws CommandFailure where nobody did, or where it was refused.
 */
export async function signInByDevice(
  { stdout, interrupted }: Pick<CliContext, 'stdout' | 'interrupted'>,
  url: string,
  wait: Wait = waiting,
): Promise<string> {
  const begun = (await taken(await callApi({ url, token: undefined }, '/login/device'))) as Begun
  const [address, code] = [escapeText(begun.urlWithCode ?? begun.url), escapeText(begun.code)]
  stdout.write(
    `Open this in a browser, on any machine:\n  ${address}\nand go on only if it shows the code ${code}. There are ${Math.round(begun.expiresInS / 60)} minutes.\n`,
  )
  const signal = interrupted()
  for (let waitedS = 0; waitedS <= begun.expiresInS; waitedS += begun.intervalS) {
    await wait(begun.intervalS * 1000, signal).catch(() => {
      throw new CommandFailure('the login was interrupted')
    })
    const asked = await callApi({ url, token: undefined }, '/login/device/token', { secret: begun.secret })
    const { token } = (await taken(asked)) as { token?: string }
    if (token !== undefined) return token
  }
  throw new CommandFailure('nobody completed the login in time: run `catena login --device` again')
}

/** Refusals come as one line of text that says what to do. */
async function taken(response: Response): Promise<unknown> {
  if (response.ok) return response.json()
  throw new CommandFailure(escapeText((await response.text()).trim()) || `Catena answered ${response.status}`)
}
