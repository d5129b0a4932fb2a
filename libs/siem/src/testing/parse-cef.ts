import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ParsedCef {
  readonly Severity: string
  readonly SignatureID: string
  readonly Extensions: Readonly<Record<string, string>>
}

/** liblognorm's parser takes the first character of the extension for a space; the specification has none there. */
function spaced(line: string): string {
  return line.replace(/^(?:(?:[^|\\]|\\.)*\|){7}/s, '$& ')
}

/** By liblognorm's own CEF parser (Debian's liblognorm-utils). */
export function parseCef(lines: readonly string[]): ParsedCef[] {
  const folder = mkdtempSync(join(tmpdir(), 'catena-cef-'))
  try {
    const rules = join(folder, 'cef.rb')
    writeFileSync(rules, 'version=2\nrule=:%f:cef%\n')
    const input = lines.map((line) => `${spaced(line)}\n`).join('')
    const output = execFileSync('lognormalizer', ['-r', rules, '-e', 'json'], { input, maxBuffer: 1024 ** 3 })
    return output.toString('utf8').trim().split('\n').map((line) => (JSON.parse(line) as { f: ParsedCef }).f) // prettier-ignore
  } finally {
    rmSync(folder, { recursive: true })
  }
}
