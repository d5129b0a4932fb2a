import { mkdir, open, readdir, rename, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { allDelivered, ReceiverUnavailable, type Sink } from './sink.js'

const CURRENT = 'events.ndjson'

export interface FileTarget {
  readonly folder: string
  /** A file that is larger is closed and named by the last sequence in it: `events-00000000000000004711.ndjson`. */
  readonly bytesMax: number
}

/** NDJSON files that others collect. A batch counts as delivered when it is on the disk. */
export function openFiles({ folder, bytesMax }: FileTarget): Sink {
  let file: FileHandle | undefined
  const close = async (): Promise<void> => {
    const closing = file
    file = undefined
    await closing?.close()
  }
  return {
    unacknowledgedMax: 0,
    send: async (batch) => {
      try {
        file ??= await openCurrent(folder)
        await file.appendFile(batch.map(({ text }) => `${text}\n`).join(''))
        await file.datasync()
        if ((await file.stat()).size >= bytesMax) {
          await close()
          await rotate(folder, batch.at(-1)?.event.sequence ?? 0)
        }
      } catch (error) {
        await close()
        throw new ReceiverUnavailable(`${folder}: ${(error as Error).message}`)
      }
      return allDelivered(batch)
    },
    close,
  }
}

async function openCurrent(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: 0o750 })
  const path = join(folder, CURRENT)
  await endHalfLine(path)
  return open(path, 'a', 0o640)
}

/** A line that was cut by a crash comes again whole; what there is of it is ended, so that no other line joins it. */
async function endHalfLine(path: string): Promise<void> {
  const size = await stat(path).then(({ size: bytes }) => bytes, () => 0)
  if (size === 0) return
  const file = await open(path, 'r+')
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
    if (buffer.toString() !== '\n') await file.write('\n', size)
  } finally {
    await file.close()
  }
} // prettier-ignore

async function rotate(folder: string, sequence: number): Promise<void> {
  const name = `events-${String(sequence).padStart(20, '0')}`
  const taken = (await readdir(folder)).filter((other) => other.startsWith(name)).length
  await rename(join(folder, CURRENT), join(folder, taken === 0 ? `${name}.ndjson` : `${name}.${taken}.ndjson`))
}
