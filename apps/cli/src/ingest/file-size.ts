import { open, type FileHandle } from 'node:fs/promises'

/** Trailer of a gzip member (RFC 1952 section 2.3.1): CRC32, then the size of what it unpacks to, modulo 2^32. */
const SIZE_FIELD_BYTES = 4

/** Bytes of records in a file, unpacked; undefined where it cannot be told without reading it. For progress only. */
export async function contentSize(path: string): Promise<number | undefined> {
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const { size } = await file.stat()
    return (await isGzip(file)) ? await unpackedSize(file, size) : size
  } catch {
    return undefined
  } finally {
    await file.close()
  }
}

async function isGzip(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
  return bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b
}

/** Smaller than the packed file: several members, or beyond 4 GiB. */
async function unpackedSize(file: FileHandle, size: number): Promise<number | undefined> {
  const { buffer } = await file.read(Buffer.alloc(SIZE_FIELD_BYTES), 0, SIZE_FIELD_BYTES, size - SIZE_FIELD_BYTES)
  const unpacked = buffer.readUInt32LE()
  return unpacked >= size ? unpacked : undefined
}
