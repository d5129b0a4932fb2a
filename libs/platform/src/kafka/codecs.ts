import { decompress as decompressZstd } from 'fzstd'
import kafkajs from 'kafkajs'
import { compressFrame, decompressFrame } from 'lz4-napi'
import { compress as compressSnappy, uncompress as uncompressSnappy } from 'snappy'

/** What kafkajs asks of a codec; `compress` gets its encoder. */
interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>
  decompress(buffer: Buffer): Promise<Buffer>
}

/** Shippers write whatever they are set to; without a codec the consumer would stop at the first such batch. Call it before connecting. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs
  CompressionCodecs[CompressionTypes.Snappy] = () => snappy
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd
}

/** snappy-java's stream: "\x82SNAPPY\0", two versions of 4 bytes, then blocks with a length of 4 bytes each. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const XERIAL_HEADER_BYTES = 16

const snappy: Codec = {
  compress: ({ buffer }) => compressSnappy(buffer),
  async decompress(buffer) {
    if (!buffer.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return asBuffer(await uncompressSnappy(buffer))
    const blocks: Buffer[] = []
    for (let at = XERIAL_HEADER_BYTES; at < buffer.length;) {
      const length = buffer.readUInt32BE(at)
      at += 4
      blocks.push(asBuffer(await uncompressSnappy(buffer.subarray(at, at + length))))
      at += length
    }
    return Buffer.concat(blocks)
  },
}

const lz4: Codec = {
  compress: ({ buffer }) => compressFrame(buffer),
  decompress: (buffer) => decompressFrame(buffer),
}

const zstd: Codec = {
  compress: () => Promise.reject(new Error('zstd is only read: write with another codec')),
  decompress: (buffer) => Promise.resolve(asBuffer(decompressZstd(buffer))),
}

function asBuffer(bytes: Uint8Array | string): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
