import { open, stat, type FileHandle } from 'node:fs/promises'
import { isGzip, assertText } from './content-check.js'
import { gunzip } from './gunzip.js'
import { InputFailure } from './input-failure.js'

/** Bytes at the start of the (decompressed) content that tell one file from another. */
export const HEAD_BYTES = 4096

const READ_BYTES = 256 * 1024

export type InputChange =
  | 'none'
  | 'renamed' // the path has another file now; whoever wrote this one may still do so
  | 'rewritten' // it begins otherwise or ends earlier: what was read is gone

/** Text to read, gunzipped where need be. Offsets are those of the decompressed stream. */
export interface Input {
  /** The first HEAD_BYTES of the content. */
  readonly head: Buffer
  /** False: its end is final (gzip, a pipe). */
  readonly canGrow: boolean
  /** False: it can be read once and from the start only (a pipe). */
  readonly canResume: boolean
  /** Everything that is there from an offset on, in fresh buffers. Throws InputFailure. */
  from(offset: number): AsyncGenerator<Buffer>
  /** What became of the file whose first `offset` bytes were read. */
  changeSince(offset: number): Promise<InputChange>
  close(): Promise<void>
}

/** Throws InputFailure: `cannot-open`, `cannot-read`, `binary`, or gzip that cannot even begin. */
export async function openFile(path: string): Promise<Input> {
  const file = await open(path).catch((error: unknown) => {
    throw new InputFailure('cannot-open', `cannot open ${path}: ${messageOf(error)}`)
  })
  try {
    return await inputOf(file, path)
  } catch (error) {
    await file.close()
    throw error
  }
}

async function inputOf(file: FileHandle, path: string): Promise<Input> {
  const start = await firstBytes(readFile(file, 0), HEAD_BYTES)
  const canGrow = !isGzip(start)
  const from = canGrow
    ? (offset: number) => readFile(file, offset)
    : (offset: number) => behind(gunzip(readFile(file, 0)), offset)
  const head = canGrow ? start : await firstBytes(from(0), HEAD_BYTES)
  assertText(head)
  const changeSince = changesOf(file, path, start)
  return { head, canGrow, canResume: true, from, changeSince, close: () => file.close() }
}

/** `start`: its first bytes as they lie on the disk. More of them are compared as the file grows. */
function changesOf(file: FileHandle, path: string, start: Buffer): Input['changeSince'] {
  let known = start
  return async (offset) => {
    const { ino, dev, size } = await file.stat()
    const begins = await firstBytes(readFile(file, 0, HEAD_BYTES), HEAD_BYTES)
    if (size < offset || !begins.subarray(0, known.length).equals(known)) return 'rewritten'
    known = begins
    const there = await stat(path).catch(() => undefined)
    return there === undefined || (there.ino === ino && there.dev === dev) ? 'none' : 'renamed'
  }
}

/** A pipe, plain or gzip. */
export async function openPipe(pipe: AsyncIterable<Buffer>): Promise<Input> {
  const raw = await peek(pipe[Symbol.asyncIterator]())
  const { head, all } = isGzip(raw.head) ? await peek(gunzip(raw.all)) : raw
  assertText(head)
  return {
    head,
    canGrow: false,
    canResume: false,
    from: (offset) => behind(all, offset),
    changeSince: () => Promise.resolve('none'),
    close: () => Promise.resolve(),
  }
}

async function* readFile(file: FileHandle, offset: number, pieceBytes = READ_BYTES): AsyncGenerator<Buffer> {
  for (let at = offset; ;) {
    const { bytesRead, buffer } = await file
      .read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, at)
      .catch((error: unknown) => {
        throw new InputFailure('cannot-read', `cannot read the file: ${messageOf(error)}`)
      })
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}

async function* behind(stream: AsyncIterable<Buffer>, offset: number): AsyncGenerator<Buffer> {
  let skipped = 0
  for await (const piece of stream) {
    const rest = piece.subarray(Math.min(piece.length, offset - skipped))
    skipped += piece.length - rest.length
    if (rest.length > 0) yield rest
  }
}

async function firstBytes(stream: AsyncGenerator<Buffer>, count: number): Promise<Buffer> {
  const { head } = await peek(stream, count)
  await stream.return(undefined)
  return head.subarray(0, count)
}

interface Peeked {
  readonly head: Buffer
  /** Everything, the head included; a failure behind the head comes with its turn. */
  readonly all: AsyncGenerator<Buffer>
}

async function peek(stream: AsyncIterator<Buffer>, count = HEAD_BYTES): Promise<Peeked> {
  const pieces: Buffer[] = []
  let failure: Error | undefined
  for (let length = 0; length < count;) {
    const next = await stream.next().catch((error: unknown) => {
      failure = error instanceof Error ? error : new Error(String(error))
      return { done: true, value: undefined } as const
    })
    if (next.done === true) break
    pieces.push(next.value)
    length += next.value.length
  }
  if (failure !== undefined && pieces.length === 0) throw failure
  return { head: Buffer.concat(pieces).subarray(0, count), all: replay(pieces, stream, failure) }
}

async function* replay(
  pieces: readonly Buffer[],
  stream: AsyncIterator<Buffer>,
  failure: Error | undefined,
): AsyncGenerator<Buffer> {
  yield* pieces
  if (failure !== undefined) throw failure
  for (let next = await stream.next(); next.done !== true; next = await stream.next()) yield next.value
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
