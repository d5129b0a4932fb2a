import { ROLES, type Caller, type Instant, type Key } from '@catena/domain'
import { z } from 'zod'
import type { SharingKind } from '../sharing/registry.js'
import { ID_OF, key, moment, OF_LISTS, OF_SHARING, OF_STEWARDSHIP, text } from './commands.js'

/** A caller as a line names it, with the groups that they were in: a team that owns is spoken for by whoever is in it. */
export interface Administrator extends Caller {
  readonly groups: readonly Key[]
}

/** One command of a stream of administration. */
export interface AdministrationLine {
  /** From 1. */
  readonly number: number
  readonly at: Instant
  readonly by: Administrator
  readonly of: 'stewardship' | 'list' | SharingKind
  /** Of the credential, or of what is shared, in its kind; empty for a list, of which there is one. */
  readonly id: string
  /** As its decider takes it, but for who gives it. */
  readonly command: { readonly do: string } & Readonly<Record<string, unknown>>
}

/** A line that cannot be read, or that a rule refuses. */
export class AdministrationFault extends Error {
  constructor(
    readonly line: number,
    message: string,
    /** Of the refusal; none where the line cannot be read. */
    readonly code?: string,
  ) {
    super(`administration, line ${line}: ${message}`)
  }
}

const by = z.strictObject({
  id: text,
  name: text,
  kind: z.enum(['person', 'machine']),
  roles: z.array(z.enum(ROLES)),
  keys: z.array(key),
  groups: z.array(key).default([]),
})
const given = { at: moment, by }

type Form = Pick<AdministrationLine, 'of'> & { readonly schema: z.ZodType<Given> }
type Given = Pick<AdministrationLine, 'at' | 'by' | 'command'>

const FORMS: ReadonlyMap<string, Form> = new Map([
  ...Object.entries(OF_STEWARDSHIP).map(([name, members]) => formOf('stewardship', name, members)),
  ...Object.entries(OF_LISTS).map(([name, members]) => formOf('list', name, members)),
  ...Object.entries(OF_SHARING).flatMap(([kind, commands]) =>
    Object.entries(commands).map(([name, members]) =>
      formOf(kind as SharingKind, name, { ...ID_OF[kind === 'break-glass' ? kind : 'other'], ...members }),
    ),
  ),
])

function formOf(of: Form['of'], name: string, members: Readonly<Record<string, z.ZodType>>): [string, Form] {
  const schema = z
    .strictObject({ ...given, do: z.literal(name), ...members })
    .transform(({ at, by, ...command }) => ({ at, by, command }))
  return [name, { of, schema }]
}

/** Throws AdministrationFault. */
export function readLine(line: string, number: number): AdministrationLine {
  const json = jsonOf(line, number)
  const form = FORMS.get(json.do ?? '')
  if (form === undefined) throw new AdministrationFault(number, `there is no command ${json.do ?? '(no "do")'}`)
  const read = form.schema.safeParse(json)
  if (!read.success) {
    const [issue] = read.error.issues
    throw new AdministrationFault(number, `${json.do}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
  }
  const { at, by, command } = read.data
  const id = [command.id, command.credential].find((named) => typeof named === 'string') ?? ''
  return { number, at, by, of: form.of, id, command }
}

function jsonOf(line: string, number: number): { readonly do?: string } {
  try {
    return z.looseObject({ do: z.string().optional() }).parse(JSON.parse(line)) as { do?: string }
  } catch {
    throw new AdministrationFault(number, 'it is no JSON object')
  }
}
