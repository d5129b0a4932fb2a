import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MemoryFacts, walk, WALK_DEFAULTS } from '@catena/access-chain'
import {
  isObject,
  isRetrieval,
  UnreadableRecord,
  valueOf,
  type Activity,
  type Connector,
  type Json,
  type JsonObject,
  type SourceInstance,
} from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { connectorFolders, fixtureCases, mask, store } from './fixture-cases.js'

const ROOT = dirname(fileURLToPath(import.meta.url))

/** What exporters write where there is nothing. */
const NOTHING: readonly (Json | undefined)[] = [undefined, null, '', '-', 'null']

/** Groups that name who called. */
const CALLERS = new Set(['caller', 'account', 'principal', 'principal-name'])

interface Variant {
  readonly at: string
  readonly value: Json
}

/** Copies of the record, each with one member that says nothing. */
function withoutOne(value: Json, at: string): Variant[] {
  if (Array.isArray(value)) {
    return value.flatMap((element, index) =>
      withoutOne(element, `${at}[]`).map((variant) => ({ ...variant, value: value.with(index, variant.value) })),
    )
  }
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const place = at === '' ? name : `${at}.${name}`
    const bare = NOTHING.map((nothing) => ({ at: `${place} ${JSON.stringify(nothing)}`, value: { ...value, [name]: nothing } }))
    const inside = withoutOne(member ?? null, place)
    return [...bare, ...inside.map((variant) => ({ ...variant, value: { ...value, [name]: variant.value } }))]
  })
} // prettier-ignore

async function connectorOf(folder: string): Promise<Connector> {
  const module = (await import(`./${folder}/index.js`)) as Record<string, Connector>
  return module[folder.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())]!
}

function interpret(connector: Connector, source: SourceInstance, record: JsonObject): Activity {
  return connector.interpret(store(connector, source, record), source)
}

/** Undefined where such a record is not taken. */
function factIdOf(connector: Connector, source: SourceInstance, record: JsonObject): string | undefined {
  try {
    return interpret(connector, source, record).factId
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined
    throw error
  }
}

async function isNobodys(activity: Activity, source: SourceInstance): Promise<boolean> {
  const facts = new MemoryFacts()
  facts.add(activity)
  const [chain] = await walk(facts.at({ position: 1 }), [activity], { ...WALK_DEFAULTS, sources: [source] })
  return chain?.path.reason === 'nobody authenticated'
}

function parsed(connector: Connector, raw: string): JsonObject | undefined {
  try {
    return connector.parse(raw)
  } catch {
    return undefined
  }
}

for (const folder of connectorFolders(ROOT)) {
  const connector = await connectorOf(folder)
  const retrievals = fixtureCases(ROOT, folder).flatMap(({ name, raw, source }) => {
    const record = parsed(connector, raw)
    return record !== undefined && isRetrieval(interpret(connector, source, record)) ? [{ name, record, source }] : []
  })

  describe(`a record of ${folder}`, () => {
    const records = fixtureCases(ROOT, folder).flatMap(({ name, raw, source }) => {
      const record = parsed(connector, raw)
      return record === undefined ? [] : [{ name, record, source }]
    })

    it.each(records)('R1.9 is one with others by no id that is "-": $name', ({ record, source }) => {
      const facts = new Map(withoutOne(record, '').map(({ at, value }) => [at, factIdOf(connector, source, value as JsonObject)]))
      const joined = [...facts].filter(([at, factId = '']) => {
        const absent = at.endsWith(' "-"') ? facts.get(at.replace(/"-"$/, 'null')) : undefined
        const parts = factId.split(/[:#@ ]/)
        return absent !== undefined && absent !== factId && parts.some((part) => part === '-' || part === mask('-'))
      })
      expect(joined).toEqual([])
    }) // prettier-ignore
  })

  if (retrievals.length > 0) {
    describe(`a retrieval of ${folder}`, () => {
      it.each(retrievals)('R1.4 was made by somebody, whatever its record leaves out: $name', async ({ record, source }) => {
        const whole = await isNobodys(interpret(connector, source, record), source)
        const taken: string[] = []
        for (const { at, value } of withoutOne(record, '')) {
          const activity = interpret(connector, source, JSON.parse(JSON.stringify(value)) as JsonObject)
          if (!whole && (await isNobodys(activity, source))) taken.push(at)
        }
        expect(taken).toEqual([])
      }) // prettier-ignore

      it.each(retrievals)('R1.4 has nothing that is called "-": $name', ({ record, source }) => {
        const names = withoutOne(record, '').flatMap(({ at, value }) => {
          if (!at.endsWith(' "-"')) return []
          const { groups, attributes } = interpret(connector, source, value as JsonObject)
          const keys = groups.flatMap(({ forms }) => forms.map(({ key }) => valueOf(key)))
          return [...keys, attributes['displayName']].map((called) => ({ at, called }))
        })
        expect(names.filter(({ called }) => called === '-' || called === mask('-'))).toEqual([])
      }) // prettier-ignore

      it.each(retrievals)('R1.4 is by nobody called "null": $name', ({ record, source }) => {
        const names = withoutOne(record, '').flatMap(({ at, value }) => {
          if (!at.endsWith(' "null"')) return []
          const { groups, attributes } = interpret(connector, source, value as JsonObject)
          const callers = groups.filter(({ role }) => CALLERS.has(role)).flatMap(({ forms }) => forms.map(({ key }) => valueOf(key)))
          return [...callers, attributes['displayName']].map((called) => ({ at, called }))
        })
        expect(names.filter(({ called }) => called === 'null')).toEqual([])
      }) // prettier-ignore
    })
  }
}
