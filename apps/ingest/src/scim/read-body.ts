import type { IncomingMessage } from 'node:http'
import { isObject, type JsonObject } from '@catena/domain'
import { bodyWithin } from '@catena/runtime'
import { ScimError } from '@catena/scim'

/** A record may have so much; a group of some ten thousand members fits. */
const BODY_BYTES_MAX = 1024 * 1024

/** Resources have four; whoever walks a value by recursion ends at some thousands. */
const LEVELS_MAX = 64

/** The JSON object of a request. Throws ScimError. */
export async function readScimBody(request: IncomingMessage): Promise<JsonObject> {
  const tooLarge = (): Error => new ScimError(413, 'a resource may have at most 1 MiB')
  const text = (await bodyWithin(request, BODY_BYTES_MAX, tooLarge)).toString('utf8')
  if (isDeep(text)) throw new ScimError(400, `a resource is nested at most ${LEVELS_MAX} levels deep`, 'invalidSyntax')
  const value = parse(text)
  if (!isObject(value)) throw new ScimError(400, 'the body is no JSON object', 'invalidSyntax')
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A text that never ends reaches to the end: to look for its end again behind each quote would take minutes. */
const TOKENS = /"(?:[^"\\]|\\.)*"?|[[\]{}]/gs

function isDeep(text: string): boolean {
  let levels = 0
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '[' || token === '{') levels++
    else if (token === ']' || token === '}') levels--
    if (levels > LEVELS_MAX) return true
  }
  return false
}
