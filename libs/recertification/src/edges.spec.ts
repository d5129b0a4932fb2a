import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const DOCUMENT = join(import.meta.dirname, '../../../docs/recertification.md')

/** First cells of the table under a heading. */
function rowsUnder(heading: string): string[] {
  const [, after = ''] = readFileSync(DOCUMENT, 'utf8').split(`## ${heading}\n`)
  const [section = ''] = after.split('\n## ')
  return [...section.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell.trim()).slice(1)
}

function testNames(): string[] {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  const specs = files.filter((file) => file.endsWith('.spec.ts')).map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')) // prettier-ignore
  return specs.flatMap((text) => [...text.matchAll(/\bit\(\s*['"`](?:R[\d. R]+)?([^'"`]+)/g)].map(([, name = '']) => name)) // prettier-ignore
}

describe('the table of the rules at the edges', () => {
  it('has a test for each row, named by its rule', () => {
    const [rows, names] = [rowsUnder('Rules at the edges'), testNames()]
    expect(rows).toHaveLength(19)
    expect(rows.filter((row) => !names.some((name) => name.startsWith(`${row}: `)))).toEqual([])
  })
})
