import { InputFailure } from './input-failure.js'

const MAGICS: readonly (readonly [magic: string, name: string, unpack: string])[] = [
  ['28b52ffd', 'zstd', 'zstd -dc'],
  ['504b0304', 'zip', 'unzip -p'],
  ['fd377a585a00', 'xz', 'xz -dc'],
  ['425a68', 'bzip2', 'bzip2 -dc'],
]

/** Share of control and undecodable characters above which bytes are no text; single bad records stay far below. */
const STRANGE_SHARE_MAX = 0.05

export function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/** Throws InputFailure `binary` where the first bytes of a file are no text. */
export function assertText(head: Buffer): void {
  const hex = head.subarray(0, 6).toString('hex')
  for (const [magic, name, unpack] of MAGICS) {
    if (hex.startsWith(magic)) {
      throw new InputFailure(
        'binary',
        `this is a ${name} file: unpack it first (\`${unpack} <file> | catena ingest - …\`)`,
      )
    }
  }
  if (/^(fffe|feff)/.test(hex)) throw new InputFailure('binary', 'this is text in UTF-16: convert it to UTF-8 first')
  const text = head.toString('utf8')
  // eslint-disable-next-line no-control-regex
  const strange = text.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\uFFFD]/g)?.length ?? 0
  if (strange > Math.max(4, text.length * STRANGE_SHARE_MAX)) {
    throw new InputFailure('binary', 'this is a binary file: records are text (JSON lines or arrays, also gzipped)')
  }
}
