import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { EVENT_TYPES } from './event-types.js'
import { profiledType } from './identify.js'

const SCHEMAS = join(process.cwd(), 'docs/sources/cloudevents')
const FIXTURES = join(process.cwd(), 'libs/connectors/src/cloudevents/fixtures')

const read = (folder: string, file: string): JsonObject =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder).filter((file) => file.endsWith(ending))

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true })
for (const file of filesIn(SCHEMAS, '.schema.json')) ajv.addSchema(read(SCHEMAS, file))
const validate = ajv.getSchema('event.schema.json')!

/** Events that a careless producer may send: read as far as they go. */
const CARELESS = /-(?:no-outcome|fields-missing|odd-issuer|otherwise)\.|^(?:no-id|no-time)\./

const fixtures = filesIn(FIXTURES, '.raw.json')
const profiled = fixtures.filter((file) => profiledType(read(FIXTURES, file)) !== undefined && !CARELESS.test(file))

describe('the schema of the profile', () => {
  it.each(profiled)('fits %s', (file) => {
    expect([validate(read(FIXTURES, file)), validate.errors]).toEqual([true, null])
  })

  it.each(fixtures.filter((file) => CARELESS.test(file)))('refuses %s', (file) => {
    expect(validate(read(FIXTURES, file))).toBe(false)
  })

  it('has the types that the connector knows, and each has a fixture', () => {
    const { properties } = read(SCHEMAS, 'event.schema.json')
    const { enum: types } = (properties as JsonObject)['type'] as JsonObject
    expect(types).toEqual(EVENT_TYPES)
    const shown = profiled.map((file) => read(FIXTURES, file)['type'] as string)
    expect([...new Set(shown)].sort()).toEqual([...EVENT_TYPES].sort())
  })

  it('keeps extension attributes that begin with catena for the profile', () => {
    expect(validate({ ...read(FIXTURES, 'session-ended.raw.json'), catenatask: 't-7' })).toBe(false)
    expect(validate({ ...read(FIXTURES, 'session-ended.raw.json'), sequence: '7' })).toBe(true)
  })

  it.each([
    ['data.agent.sponsor.issuer', 'https://idp.tideline.example'],
    ['data.mode', 'sometimes'],
    ['data.outcome', 'well'],
    ['data.session', 's-1'],
    ['time', 'yesterday'],
  ])('refuses another %s', (path, value) => {
    const event = read(FIXTURES, 'session-attended.raw.json')
    const steps = path.split('.')
    const holder = steps.slice(0, -1).reduce<JsonObject>((inner, step) => inner[step] as JsonObject, event)
    holder[steps.at(-1)!] = value
    expect(validate(event)).toBe(false)
  })
})
