import type { IncomingMessage } from 'node:http'
import { bodyWithin } from '@catena/runtime'
import { HttpException } from '@nestjs/common'
import type { RequestHandler } from 'express'

/** What a body of this media type, e.g. `application/json`, is read as. */
export interface BodyForm {
  readonly mediaType: string
  /** Throws where it is none of this form. */
  readonly parse: (text: string) => unknown
}

export const JSON_BODY: BodyForm = {
  mediaType: 'application/json',
  parse: (text) => (text === '' ? {} : (JSON.parse(text) as unknown)),
}

export const FORM_BODY: BodyForm = {
  mediaType: 'application/x-www-form-urlencoded',
  parse: (text) => Object.fromEntries(new URLSearchParams(text)),
}

/**
 * Reads bodies of a few kilobytes into `request.body`. Whoever sends more is answered at the first byte too many; body-parser answers after
 * the last, which may never come. Nothing is unpacked.
 */
export function readBody({ mediaType, parse }: BodyForm, bytesMax: number): RequestHandler {
  return (request, _, next) => {
    request.body = undefined
    if (typeof request.is(mediaType) !== 'string') {
      next()
      return
    }
    textOf(request, bytesMax)
      .then((text) => {
        request.body = parsed(parse, text)
      })
      .then(() => next(), next)
  }
}

async function textOf(request: IncomingMessage, bytesMax: number): Promise<string> {
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new HttpException('send the body as it is: no content-encoding is read here', 415)
  const tooLarge = (): Error => new HttpException(`the body is larger than ${bytesMax} bytes`, 413)
  return new TextDecoder().decode(await bodyWithin(request, bytesMax, tooLarge))
}

function parsed(parse: BodyForm['parse'], text: string): unknown {
  try {
    return parse(text)
  } catch {
    throw new HttpException('the body cannot be read: it is not what its content-type says', 400)
  }
}
