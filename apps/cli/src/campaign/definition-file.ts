import type { Key } from '@catena/domain'
import {
  DEFINITION_DEFAULTS,
  ESCALATIONS,
  PRESETS,
  TRIGGERS,
  type Definition,
  type PresetName,
} from '@catena/recertification'
import { z } from 'zod'
import { CommandFailure } from '../exit-codes.js'
import { readNamed } from '../import-file.js'

export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[]

const key = z.string().transform((text) => text as Key)
const rule = z.union([
  z.strictObject({ kind: z.enum(['owner', 'owners-manager', 'accessors-manager', 'sponsor']) }),
  z.strictObject({ kind: z.literal('people'), people: z.array(key) }),
  z.strictObject({ kind: z.literal('group'), group: key }),
])
const stage = z.strictObject({
  name: z.string(),
  fromDay: z.number(),
  toDay: z.number(),
  quorum: z.number().default(1),
  reviewers: z.array(rule),
})
const definition = z.strictObject({
  name: z.string(),
  scope: z.string(),
  schedule: z.strictObject({ rule: z.string(), zone: z.string(), start: z.string() }).optional(),
  zone: z.string().optional(),
  stages: z.array(stage),
  triggers: z.array(z.enum(TRIGGERS)).optional(),
  reviewsPerWeekMax: z.number().optional(),
  catchUp: z.enum(['all', 'latest', 'none']).optional(),
  remindDaysBefore: z.array(z.number()).optional(),
  escalation: z.array(z.strictObject({ afterDays: z.number(), action: z.enum(ESCALATIONS), to: z.array(rule).optional() })).optional(),
  graceDays: z.number().optional(),
  silence: z.enum(['expire', 'revoke']).optional(),
  remediation: z.enum(['automatic', 'hand-over', 'report-only']).optional(),
  silenceWindowDays: z.number().optional(),
  remediationDays: z.number().optional(),
  bulkMax: z.number().optional(),
  reasonAboveRisk: z.number().optional(),
  evidenceDaysMax: z.number().optional(),
  incompletePercentMax: z.number().optional(),
  launchIncomplete: z.boolean().optional(),
  watchDays: z.number().optional(),
}) // prettier-ignore

export interface DefinitionOptions {
  readonly preset?: PresetName
  readonly start?: string
  readonly zone: string
}

/** From a file or a preset. What is left out has its default; what is not known is refused. */
export async function readDefinition(file: string | undefined, { preset, start, zone }: DefinitionOptions): Promise<Definition> {
  if (preset !== undefined) return PRESETS[preset](start ?? '2026-01-01T09:00', zone)
  if (file === undefined) throw new CommandFailure('name a file with the definition, or a --preset')
  const parsed = definition.safeParse(jsonOf((await readNamed(file)).toString('utf8'), file))
  if (parsed.success) return { ...DEFINITION_DEFAULTS, ...(parsed.data as Partial<Definition> & Pick<Definition, 'name' | 'scope' | 'stages'>) }
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the definition'}: ${message}`)
  throw new CommandFailure(`${file} is no definition: ${problems.join('; ')}`)
} // prettier-ignore

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandFailure(`${file} is not JSON`)
  }
}
