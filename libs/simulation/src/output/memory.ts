import type { Output } from '../records/journal.js'

/** Lines in memory, by file. */
export class MemoryOutput implements Output {
  private readonly lines = new Map<string, string[]>()

  write(file: string, line: string): void {
    const known = this.lines.get(file)
    if (known === undefined) this.lines.set(file, [line])
    else known.push(line)
  }

  of(file: string): readonly string[] {
    return this.lines.get(file) ?? []
  }

  get files(): readonly string[] {
    return [...this.lines.keys()]
  }
}
