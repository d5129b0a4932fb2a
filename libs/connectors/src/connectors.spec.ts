import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import {
  merge,
  NAMESPACES,
  namespaceOf,
  type Activity,
  type Connector,
  type JsonObject,
  type SourceInstance,
} from '@catena/domain'
import { plantInEachString, plantStrangeThings, plantUnknownMembers } from './fixture-canaries.js'
import {
  connectorFolders,
  fixtureCases,
  interpretRaw,
  mask,
  run,
  store,
  storeRedacted,
  type FixtureCase,
} from './fixture-cases.js'

const ROOT = dirname(fileURLToPath(import.meta.url))
const UPDATE = process.env.UPDATE_FIXTURES === '1'

/** Not the shape of any secret, so only the allowlist can keep it out. */
const PLAIN_CANARY = 'CanaryOfNoShape'
/** Joined here, so that no scanner takes this file for a leak. */
const SECRET_CANARIES = [
  ['hvs', 'CAESIJcanarycanarycanarycanary'],
  // Of letters and digits alone, as names are.
  [`dapi${'c0ffee42'.repeat(4)}`],
  [`ASIACANARYCANARYCANA`],
  ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJjYW5hcnkifQ', 'c2lnbmF0dXJlb2ZhY2FuYXJ5'],
].map((parts) => parts.join('.'))

/** Members that an object has from its prototype: looked up as if they were own ones, they yield a function. */
const WORDS_OF_EVERY_OBJECT = ['constructor', 'toString', '__proto__']

/** Where in a value a function stands, which no store can keep, or the text of one. */
function functionsIn(value: unknown, at = ''): string[] {
  if (typeof value === 'function' || (typeof value === 'string' && value.includes('[native code]'))) return [at]
  if (typeof value !== 'object' || value === null) return []
  if (Object.getPrototypeOf(value) === null) return [at]
  return Object.entries(value).flatMap(([name, member]) => functionsIn(member, `${at}.${name}`))
}

async function connectorOf(folder: string): Promise<Connector> {
  const module = (await import(`./${folder}/index.js`)) as Record<string, Connector>
  const name = folder.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const connector = module[name]
  if (connector === undefined) throw new Error(`${folder}/index.ts exports no '${name}'`)
  return connector
}

function readable(connector: Connector, fixture: FixtureCase): boolean {
  return !('unreadable' in run(connector, fixture))
}

for (const folder of connectorFolders(ROOT)) {
  const connector = await connectorOf(folder)
  const cases = fixtureCases(ROOT, folder)

  describe(`connector ${folder}`, () => {
    it.each(cases)('makes the expected activity of $name', (fixture) => {
      const actual = run(connector, fixture)
      if (UPDATE) writeFileSync(fixture.expectedFile, `${JSON.stringify(actual, null, 2)}\n`)
      expect(actual).toEqual(JSON.parse(readFileSync(fixture.expectedFile, 'utf8')))
    })

    it('has a success, an unknown type and an unreadable record among its cases', () => {
      const outcomes = cases.map((fixture) => run(connector, fixture))
      expect(outcomes.some((outcome) => 'outcome' in outcome && outcome.outcome === 'succeeded')).toBe(true)
      expect(outcomes.some((outcome) => 'kind' in outcome && outcome.kind === 'unclassified')).toBe(true)
      expect(outcomes.some((outcome) => 'unreadable' in outcome)).toBe(true)
    })

    it('commits to kinds of records by their names, and not to whatever comes', () => {
      const { kinds } = JSON.parse(readFileSync(join(ROOT, folder, 'kinds.json'), 'utf8')) as { kinds: string[] }
      const patterns = kinds.map((pattern) => new RegExp(pattern))
      const isListed = (type: string): boolean => patterns.some((pattern) => pattern.test(type))
      expect(['', 'x', 'nobody.has.heard of this'].filter(isListed)).toEqual([])
      const outcomes = cases.map((fixture) => run(connector, fixture))
      const listed = outcomes.filter((outcome) => 'kind' in outcome && isListed(outcome.type))
      expect(listed.length).toBeGreaterThan(0)
    })

    const readables = cases.filter((fixture) => readable(connector, fixture))
    /** What is kept of a record, also when it is redacted once more, and what it is taken for. */
    const tell = (record: JsonObject, source: SourceInstance): { kept: string; activity: Activity } => {
      const redacted = connector.redact(record, mask, source)
      const stored = storeRedacted(connector, source, record, redacted)
      const { stream, type } = stored
      const kept = JSON.stringify([redacted, connector.redact(redacted, mask, source), stream, type])
      return { kept, activity: connector.interpret(stored, source) }
    }

    it.each(readables)('is a function of the record: $name', ({ raw, source }) => {
      expect(interpretRaw(connector, source, raw)).toEqual(interpretRaw(connector, source, raw))
    })

    it.each(readables)('R1.9 merging $name with itself changes nothing', ({ raw, source }) => {
      const activity: Activity = interpretRaw(connector, source, raw)
      expect(merge(activity, activity)).toEqual(activity)
    })

    it.each(readables)('R2.6 keeps secrets out of $name, whatever field holds them', ({ raw, source }) => {
      const record = connector.parse(raw)
      for (const canary of SECRET_CANARIES) {
        const told = plantInEachString(record, canary).map((planted) => ({ at: planted.at, ...tell(planted.record, source) }))
        expect(told.filter(({ kept }) => kept.includes(canary)).map(({ at }) => [canary, at])).toEqual([])
        const keys = told.flatMap(({ activity }) => activity.groups.flatMap(({ forms }) => forms.map(({ key }) => key)))
        expect(keys.filter((key) => !Object.hasOwn(NAMESPACES, namespaceOf(key)))).toEqual([])
      }
    }) // prettier-ignore

    it.each(readables)('R2.6 keeps members that nobody has heard of out of $name', ({ raw, source }) => {
      const record = plantUnknownMembers(connector.parse(raw), PLAIN_CANARY) as JsonObject
      const stored = connector.redact(record, mask, source)
      expect(JSON.stringify([stored, connector.redact(stored, mask, source)])).not.toContain(PLAIN_CANARY)
    })

    it.each(readables)('never throws for $name with any string replaced', ({ raw, source }) => {
      const planted = plantInEachString(connector.parse(raw), PLAIN_CANARY)
      const activities = planted.map(({ record }) => connector.interpret(store(connector, source, record), source))
      expect(activities.map(({ positions }) => positions)).toEqual(planted.map(() => [1]))
    })

    it.each(readables)('R2.5 never throws for $name with something strange in place of any text or list, and takes no object for a text', ({ raw, source }) => {
      for (const { at, record } of plantStrangeThings(connector.parse(raw))) {
        const told = [connector.identify(record), connector.interpret(store(connector, source, record), source)]
        expect({ at, told: JSON.stringify(told).includes('[object') }).toEqual({ at, told: false })
      }
    }) // prettier-ignore

    it.each(readables)('R2.5 takes a word that every object has for no word of $name that it knows', ({ raw, source }) => {
      const taken = WORDS_OF_EVERY_OBJECT.flatMap((word) =>
        plantInEachString(connector.parse(raw), word).map(({ at, record }) => {
          const told = [connector.identify(record), connector.interpret(store(connector, source, record), source)]
          return { word, at, told: functionsIn(told) }
        }),
      )
      expect(taken.filter(({ told }) => told.length > 0)).toEqual([])
    }) // prettier-ignore

    const clearFile = join(ROOT, folder, 'fixtures', 'clear-fields.json')
    if (existsSync(clearFile)) {
      it('R2.6 keeps in clear exactly the fields that clear-fields.json names', () => {
        const clear = new Set<string>()
        for (const { raw, source } of readables) {
          for (const { at, record } of plantInEachString(connector.parse(raw), PLAIN_CANARY)) {
            if (JSON.stringify(connector.redact(record, mask, source)).includes(PLAIN_CANARY)) clear.add(at)
          }
        }
        const fields = [...clear].sort()
        if (UPDATE) writeFileSync(clearFile, `${JSON.stringify(fields, null, 2)}\n`)
        expect(fields).toEqual(JSON.parse(readFileSync(clearFile, 'utf8')))
      })
    }
  })
}
