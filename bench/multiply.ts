import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { gunzipSync } from 'node:zlib'
import { RECORDING_FOLDER } from '@catena/testing'

/** How a part of a recorded line differs from copy to copy. */
type Vary = (copy: number) => string
type Template = readonly (string | Vary)[]

/** What makes one request distinct: ids, hashes, accessors, lease ids, CI runs; and the times, shifted by a course of work a copy. */
const VARYING =
  /([0-9a-f]{8})(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|(?<=hmac-sha256:)([0-9a-f]{12})|(?<="(?:client_token_)?accessor":")([A-Za-z0-9]{8})(?=[A-Za-z0-9]{16}")|(?<=\/)([A-Za-z0-9]{8})(?=[A-Za-z0-9]{16}")|("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")|(?<="run_id":")(\d+)(?=")|("path":"secret\/data\/[^"]+")/g

const COURSE_MS = 480_000
/** So long before the recording the first copy begins: ten million records take 23 days, and none may be dated ahead of now. */
const EARLIER_MS = 90 * 86_400_000
/** Nothing else that varies is as long. */
const RUN_ID_DIGITS = 11
/** Recorded ids of CI runs lie closer together. */
const RUNS_APART = 10_000

export interface Multiplied {
  readonly records: number
  readonly bytes: number
}

/** Writes `count` Vault audit records, multiplied from the recording with fresh ids and times. `pathOf` may spread reads over credentials. */
export async function multiplyRecords(file: string, count: number, pathOf?: PathOf): Promise<Multiplied> {
  return (await RecordMultiplier.open(pathOf)).write(file, count)
}

/** Path of the credential that is read with this serial. */
export type PathOf = (serial: number) => string

/** Writes file after file of Vault audit records, none of them like another. */
export class RecordMultiplier {
  /** Records written so far. */
  private records = 0
  private serial = 0
  private readonly templates: readonly Template[]

  private constructor(lines: readonly string[], pathOf: PathOf | undefined) {
    this.templates = lines.map((line) => templateOf(line, pathOf && (() => pathOf(this.serial))))
  }

  static async open(pathOf?: PathOf): Promise<RecordMultiplier> {
    const recorded = gunzipSync(await readFile(join(RECORDING_FOLDER, 'vault-audit-b.log.gz')))
    return new RecordMultiplier(recorded.toString('utf8').split('\n').filter(Boolean), pathOf)
  }

  async write(file: string, count: number): Promise<Multiplied> {
    const out = createWriteStream(file, { highWaterMark: 4 * 1024 * 1024 })
    let bytes = 0
    for (let written = 0; written < count; written++) {
      const line = this.next()
      bytes += line.length
      if (!out.write(line)) await once(out, 'drain')
    }
    out.end()
    await finished(out)
    return { records: count, bytes }
  }

  /** The next so many records, a line each. */
  take(count: number): string {
    return Array.from({ length: count }, () => this.next()).join('')
  }

  private next(): string {
    const { length } = this.templates
    const copy = 1 + Math.floor(this.records / length)
    const template = this.templates[this.records % length] ?? []
    // Both halves of a request are neighbours more often than not; they share a serial by it.
    this.serial = Math.floor(this.records++ / 2)
    return `${template.map((part) => (typeof part === 'string' ? part : part(copy))).join('')}\n`
  }
}

function templateOf(line: string, path: (() => string) | undefined): Template {
  const parts: (string | Vary)[] = []
  let end = 0
  for (const match of line.matchAll(VARYING)) {
    parts.push(line.slice(end, match.index), vary(match[0], path))
    end = match.index + match[0].length
  }
  return [...parts, line.slice(end)]
}

function vary(text: string, path: (() => string) | undefined): string | Vary {
  if (text.startsWith('"path"')) return path === undefined ? text : () => `"path":"secret/data/${path()}"`
  if (text.startsWith('"')) {
    const at = Date.parse(text.slice(1, -1))
    const micros = /\.\d{3}(\d*)Z/.exec(text)?.[1] ?? ''
    return (copy) => `"${new Date(at - EARLIER_MS + copy * COURSE_MS).toISOString().slice(0, -1)}${micros}Z"`
  }
  if (text.length === RUN_ID_DIGITS) return (copy) => String(Number(text) + copy * RUNS_APART)
  if (/^[0-9a-f]+$/.test(text)) {
    const [head, value] = [text.slice(8), Number.parseInt(text.slice(0, 8), 16)]
    return (copy) => ((value ^ Math.imul(copy, 0x9e3779b1)) >>> 0).toString(16).padStart(8, '0') + head
  }
  return (copy) => copy.toString(36).padStart(5, 'Q') + text.slice(5)
}

/** Zipf-distributed ranks from 0, the same for the same serial: rank r is drawn about 1/(r+1) as often as rank 0. */
export function zipf(ranks: number, exponent = 1): (serial: number) => number {
  const cumulative: number[] = []
  let sum = 0
  for (let rank = 1; rank <= ranks; rank++) cumulative.push((sum += rank ** -exponent))
  return (serial) => {
    const drawn = ((Math.imul(serial + 1, 0x9e3779b1) >>> 0) / 2 ** 32) * sum
    let [low, high] = [0, ranks - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((cumulative[middle] ?? sum) < drawn) low = middle + 1
      else high = middle
    }
    return low
  }
}
