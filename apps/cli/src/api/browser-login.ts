import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CliContext } from '../context.js'
import { CommandFailure } from '../exit-codes.js'
import { callApi } from './reach-api.js'

/** Longest wait for the person at the browser, ms. */
const WAIT_MAX_MS = 5 * 60_000

/**
 * Signs in with a browser that comes back to a port of this machine (RFC 8252, section 7.3). What it brings is of no use to others: the
 * token is given only to who shows the secret whose hash was sent along.
 */
export async function signInByBrowser(context: Pick<CliContext, 'stdout'>, url: string): Promise<string> {
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const { server, code } = await listenForCode()
  const { port } = server.address() as AddressInfo
  context.stdout.write(`Open this in a browser:\n  ${url}/login/cli?port=${port}&challenge=${challenge}\n`)
  try {
    const response = await callApi({ url, token: undefined }, '/login/token', { code: await code, verifier })
    if (response.status !== 200) throw new CommandFailure('the login was not completed: run `catena login` again')
    return ((await response.json()) as { token: string }).token
  } finally {
    server.close()
  }
}

async function listenForCode(): Promise<{ server: Server; code: Promise<string> }> {
  let done: (code: string) => void = () => undefined
  let fail: (error: Error) => void = () => undefined
  const code = new Promise<string>((resolve, reject) => ([done, fail] = [resolve, reject]))
  code.catch(() => undefined)
  const server = createServer((request, response) => {
    const found = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('code')
    response.writeHead(found === null ? 404 : 200, { 'content-type': 'text/plain', connection: 'close' })
    response.end(found === null ? '' : 'You are signed in: this page can be closed.\n')
    if (found !== null) done(found)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const timer = setTimeout(
    () => fail(new CommandFailure('nobody signed in within five minutes: run `catena login` again')),
    WAIT_MAX_MS,
  )
  server.on('close', () => clearTimeout(timer))
  return { server, code }
}
