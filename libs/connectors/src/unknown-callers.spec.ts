import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MemoryFacts, walk, WALK_DEFAULTS } from '@catena/access-chain'
import {
  isObject,
  isRetrieval,
  type Activity,
  type Connector,
  type Json,
  type JsonObject,
  type SourceInstance,
} from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { connectorFolders, fixtureCases, store } from './fixture-cases.js'

const ROOT = dirname(fileURLToPath(import.meta.url))

/** What exporters write where there is nothing. */
const NOTHING: readonly (Json | undefined)[] = [undefined, null, '', '-']

/** Their records come as the system itself wrote them, which names whom it let in. */
const WRITTEN_BY_THE_SYSTEM = new Set(['aws-cloudtrail', 'kubernetes', 'vault'])

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

      if (WRITTEN_BY_THE_SYSTEM.has(folder)) return

      it.each(retrievals)('R1.4 is by nobody called "-": $name', ({ record, source }) => {
        const names = withoutOne(record, '').flatMap(({ at, value }) => {
          if (!at.endsWith(' "-"')) return []
          const { groups, attributes } = interpret(connector, source, value as JsonObject)
          const caller = groups.filter(({ role }) => role === 'caller').flatMap(({ forms }) => forms.map(({ key }) => key))
          return [...caller.map((key) => key.slice(key.lastIndexOf(':') + 1)), attributes['displayName']].map((called) => ({ at, called }))
        })
        expect(names.filter(({ called }) => called === '-')).toEqual([])
      }) // prettier-ignore
    })
  }
}
