import { readdirSync, readFileSync } from 'node:fs'
import { FORMATS, type FeedContent, type FeedKind } from '@catena/siem'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { z } from 'zod'
import { sampleOf } from '../../libs/siem/src/testing/samples.js'

const value = z.union([z.string(), z.array(z.string()).min(1)])
const ruleSchema = z.strictObject({
  title: z.string().max(256),
  id: z.uuid(),
  status: z.enum(['stable', 'test', 'experimental', 'deprecated', 'unsupported']),
  description: z.string(),
  logsource: z.strictObject({ product: z.literal('catena'), service: z.literal('feed') }),
  detection: z.object({ condition: z.string() }).catchall(z.union([z.record(z.string(), value), z.string()])),
  falsepositives: z.array(z.string()).optional(),
  level: z.enum(['informational', 'low', 'medium', 'high', 'critical']),
})
type Rule = z.infer<typeof ruleSchema>

const FOLDER = 'docs/siem/sigma'
const rules = new Map(readdirSync(FOLDER).map((file) => [file.replace('.yml', ''), ruleSchema.parse(parse(readFileSync(`${FOLDER}/${file}`, 'utf8')))])) // prettier-ignore

function isMet(selection: Readonly<Record<string, string | readonly string[]>>, document: object): boolean {
  return Object.entries(selection).every(([path, wanted]) => {
    const found = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document) // prettier-ignore
    return [found].flat().some((one) => [wanted].flat().includes(one as string))
  })
}

/** `a` and `a and not b`, which is all that these rules use. */
function fires({ detection }: Rule, document: object): boolean {
  const [, wanted = '', excluded] = /^(\w+)(?: and not (\w+))?$/.exec(detection.condition) ?? []
  const met = (name: string): boolean => isMet(detection[name] as Readonly<Record<string, string>>, document)
  return met(wanted) && (excluded === undefined || !met(excluded))
}

const missing = { state: 'missing', kind: 'unknown', reason: 'gap in the source' } as const
/** Per rule a record that fires, and one that does not. */
const RECORDS: Readonly<Record<string, readonly [fires: [FeedKind, Partial<FeedContent>], not: [FeedKind, Partial<FeedContent>]]>> = {
  'unattributed-retrieval': [['credential-retrieved', { actor: missing }], ['credential-retrieved', { actor: { ...missing, kind: 'shared', id: 'root' } }]],
  'contradicting-records': [['finding-opened', { type: 'used after end' }], ['finding-opened', { type: 'clock skew' }]],
  'denied-retrieval': [['credential-retrieved', { outcome: 'denied' }], ['credential-retrieved', {}]],
  'source-silent': [['source-silent', {}], ['gap-declared', {}]],
  'break-glass-opened': [['break-glass-opened', {}], ['break-glass-closed', {}]],
  'access-request-refused': [['access-denied', { outcome: 'denied' }], ['access-request-withdrawn', {}]],
  'evidence-refused': [['authorization-denied', { outcome: 'denied' }], ['evidence-viewed', {}]],
} // prettier-ignore

describe('the Sigma rules of docs/siem', () => {
  it('have a record each', () => {
    expect([...rules.keys()].sort()).toEqual(Object.keys(RECORDS).sort())
  })

  it('R8.1 source-silent fires on records that could not be interpreted, too', () => {
    const record = JSON.parse(FORMATS.ecs.render(sampleOf('records-not-interpreted'), 0)) as object
    expect(fires(rules.get('source-silent')!, record)).toBe(true)
  })

  it.each(Object.keys(RECORDS))('R8.1 %s fires on what it is for, and not on what is near', (name) => {
    const [on, off] = RECORDS[name]!.map(([kind, over]) => JSON.parse(FORMATS.ecs.render(sampleOf(kind, over), 0)) as object) // prettier-ignore
    expect([fires(rules.get(name)!, on!), fires(rules.get(name)!, off!)]).toEqual([true, false])
  })
})
