import type { IncomingMessage } from 'node:http'

/** The pieces of a body as they come. Who is refused in the middle of it must still be told so, by the same connection, so that stays open. */
export function piecesOf(request: IncomingMessage): AsyncIterable<Buffer> {
  return request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
}

/** The whole body; throws what `tooLarge` makes at the first byte too many, however much is still to come. */
export async function bodyWithin(request: IncomingMessage, bytesMax: number, tooLarge: () => Error): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of piecesOf(request)) {
    length += piece.length
    if (length > bytesMax) throw tooLarge()
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
