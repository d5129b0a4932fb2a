import { localTokenFile, readLocalToken } from '@catena/callers'
import { findInstance, readSettings } from '@catena/platform'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT } from '../exit-codes.js'
import { readLogins } from './logins.js'

/** An API and the token with which this person or machine is known there. */
export interface ReachedApi {
  readonly url: string
  readonly token: string | undefined
  /** Is it the one of this data folder, without an identity provider? */
  readonly isLocal: boolean
}

/**
 * The address that was given, else CATENA_URL, else the process on this data folder. The token is CATENA_TOKEN, else that of `catena login`,
 * else the local one of the data folder.
 */
export async function reachApi({ env }: Pick<CliContext, 'env'>, given: string | undefined): Promise<ReachedApi> {
  const remote = given ?? (env['CATENA_URL'] || undefined)
  const url = (remote ?? (await localUrl(env))).replace(/\/+$/, '')
  if (!URL.canParse(url)) throw new CommandFailure(`${url} is no address, e.g. https://catena.example`)
  const known = env['CATENA_TOKEN'] || (await readLogins(env))[url]
  if (known !== undefined) return { url, token: known, isLocal: false }
  if (remote !== undefined) return { url, token: undefined, isLocal: false }
  const token = await readLocalToken(readSettings(env).dataFolder)
  return { url, token, isLocal: token !== undefined }
}

async function localUrl(env: CliContext['env']): Promise<string> {
  const { dataFolder, port } = readSettings(env)
  const running = await findInstance(dataFolder)
  return `http://127.0.0.1:${running?.port ?? port}`
}

/** Throws CommandFailure where nobody answers there. */
export async function callApi(
  { url, token }: Pick<ReachedApi, 'url' | 'token'>,
  path: string,
  body?: object,
): Promise<Response> {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const request = {
    method: 'POST',
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  } as const
  return fetch(`${url}${path}`, request).catch(() => {
    throw new CommandFailure(
      `no Catena answers at ${url}: start \`catena up\`, or name another by --url or CATENA_URL`,
      EXIT.unreachable,
    )
  })
}

export function mustSignIn({ url }: Pick<ReachedApi, 'url'>, env: CliContext['env']): CommandFailure {
  return new CommandFailure(
    `${url} does not know you (any more): run \`catena login\`, or set CATENA_TOKEN; the local token would be in ${localTokenFile(readSettings(env).dataFolder)}`,
  )
}
