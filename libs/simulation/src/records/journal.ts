import type { SourceId } from '../options.js'

/** Where lines go; a file's lines in the order of writing. */
export interface Output {
  write(file: string, line: string): void
}

/** A fact that a system wrote down, by the id that Catena gives it; not seen where its record is lost. */
export interface Noted {
  readonly fact: string
  readonly isSeen: boolean
}

/** A time from which a source's records are not there. */
export interface Loss {
  readonly source: SourceId
  readonly from: number
  readonly to: number
}

/** File of a source → source. */
export const FILES = {
  'vault-audit.log': 'vault',
  'vault-server.log': 'vault',
  'keycloak-events.jsonl': 'keycloak',
  'keycloak-admin-events.jsonl': 'keycloak',
  'keycloak-users.jsonl': 'keycloak',
  'github-webhooks.jsonl': 'github',
  'github-audit.jsonl': 'github',
  'cloudtrail.jsonl': 'aws',
  'kubernetes-audit.log': 'kubernetes',
  'okta-system-log.jsonl': 'okta',
  'agents.jsonl': 'agents',
  'tickets.jsonl': 'tickets',
} as const satisfies Record<string, SourceId>
export type FileName = keyof typeof FILES

/** Takes what the organisation's systems write down. What falls into a lost hour, or after the end, is in no file. */
export class Journal {
  records = 0
  bytes = 0
  private readonly written = new Map<string, number>()

  constructor(
    private readonly out: Output,
    private readonly until: number,
    private readonly losses: readonly Loss[],
  ) {}

  /** Will a record of that moment be there to be read? */
  isKept(source: SourceId, at: number): boolean {
    if (at > this.until) return false
    return !this.losses.some((loss) => loss.source === source && loss.from <= at && at <= loss.to)
  }

  /** True where the record can be read afterwards. */
  write(file: FileName, at: number, line: string): boolean {
    if (!this.isKept(FILES[file], at)) return false
    this.records++
    this.bytes += line.length + 1
    this.written.set(file, (this.written.get(file) ?? 0) + 1)
    this.out.write(file, line)
    return true
  }

  get byFile(): ReadonlyMap<string, number> {
    return this.written
  }
}
