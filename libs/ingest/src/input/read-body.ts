import { assertText, isGzip } from './content-check.js'
import { gunzip } from './gunzip.js'
import { InputFailure } from './input-failure.js'
import { RequestRejected } from './request-rejected.js'

/** As Node gives them: names in lower case; a repeated header may be a list. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** Beginning of a body that tells text from bytes. */
const HEAD_BYTES = 4096

/** The exact bytes that were sent: what a signature covers. Throws RequestRejected: `unsupported-encoding`, `body-too-large`. */
export async function readSent(
  { headers, body }: { readonly headers: HttpHeaders; readonly body: AsyncIterable<Buffer> },
  bytesMax: number,
): Promise<Buffer> {
  if (!ENCODINGS.includes(encodingOf(headers)))
    throw new RequestRejected('unsupported-encoding', 'content-encoding must be gzip or none')
  return collect(body, bytesMax)
}

const ENCODINGS = ['identity', '', 'gzip', 'x-gzip']

function encodingOf(headers: HttpHeaders): string {
  return headerOf(headers, 'content-encoding')?.trim().toLowerCase() ?? 'identity'
}

/** The text in what was sent. Throws RequestRejected: `body-too-large`, `bad-encoding`, `not-json` for bytes that are no text. */
export async function unpack(headers: HttpHeaders, sent: Buffer, bytesMax: number): Promise<Buffer> {
  // A file that was gzipped before it was sent is sent without saying so.
  const isZipped = encodingOf(headers).endsWith('gzip') || isGzip(sent)
  const content = isZipped ? await unzip(sent, bytesMax) : sent
  requireText(content)
  return content
}

async function unzip(sent: Buffer, bytesMax: number): Promise<Buffer> {
  try {
    return await collect(gunzip(once(sent)), bytesMax)
  } catch (error) {
    if (error instanceof InputFailure) throw new RequestRejected('bad-encoding', 'the body is no complete gzip')
    throw error
  }
}

/** What a file door refuses must not be stored by another door either. */
function requireText(content: Buffer): void {
  try {
    assertText(content.subarray(0, HEAD_BYTES))
  } catch (error) {
    if (error instanceof InputFailure) throw new RequestRejected('not-json', error.message)
    throw error
  }
}

export function headerOf(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

async function collect(stream: AsyncIterable<Buffer>, bytesMax: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of stream) {
    length += piece.length
    if (length > bytesMax) throw new RequestRejected('body-too-large', `the body is larger than ${bytesMax} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces, length)
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes)
}
