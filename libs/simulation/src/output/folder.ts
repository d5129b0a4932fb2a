import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Output } from '../records/journal.js'

/** Bytes of a file that are collected before they are written. */
const CHUNK_BYTES = 256 * 1024
/** Most bytes that one character of a line takes. */
const CHARACTER_BYTES_MAX = 3

interface File {
  readonly descriptor: number
  readonly chunk: Buffer
  sizeBytes: number
}

/** Files of a folder, written as they come. Writing waits for the disk, so nothing piles up. */
export class FolderOutput implements Output {
  private readonly files = new Map<string, File>()

  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true })
  }

  write(name: string, line: string): void {
    const file = this.files.get(name) ?? this.open(name)
    const text = `${line}\n`
    const most = text.length * CHARACTER_BYTES_MAX
    if (file.sizeBytes + most > CHUNK_BYTES) flush(file)
    if (most > CHUNK_BYTES) writeWhole(file.descriptor, Buffer.from(text))
    else file.sizeBytes += file.chunk.write(text, file.sizeBytes)
  }

  close(): void {
    for (const file of this.files.values()) {
      flush(file)
      closeSync(file.descriptor)
    }
    this.files.clear()
  }

  private open(name: string): File {
    const file = {
      descriptor: openSync(join(this.folder, name), 'w'),
      chunk: Buffer.allocUnsafe(CHUNK_BYTES),
      sizeBytes: 0,
    }
    this.files.set(name, file)
    return file
  }
}

function flush(file: File): void {
  writeWhole(file.descriptor, file.chunk.subarray(0, file.sizeBytes))
  file.sizeBytes = 0
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written)
}
