import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { buildSchema, parse, validate } from 'graphql'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const schema = buildSchema(readFileSync(join(ROOT, 'schema.graphql'), 'utf8'))

/** Of README and docs: where each block begins, and what it asks. */
function examples(): [place: string, text: string][] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name))
  return ['README.md', ...docs.filter((name) => name.endsWith('.md'))].flatMap((name) => blocksOf(name))
}

function blocksOf(name: string): [string, string][] {
  const page = readFileSync(join(ROOT, name), 'utf8')
  return [...page.matchAll(/^```graphql\n(.*?)^```/gms)].map(({ 1: text = '', index }) => {
    const line = page.slice(0, index).split('\n').length
    return [`${name}:${line}`, text]
  })
}

describe('questions that the documentation gives as examples', () => {
  it('are found', () => {
    expect(examples().length).toBeGreaterThanOrEqual(4)
  })

  it.each(examples())('%s can be asked as it stands', (_, text) => {
    expect(validate(schema, parse(text))).toEqual([])
  })
})
