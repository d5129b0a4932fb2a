import { DEFINITION_DEFAULTS, type Definition } from './definition.js'

const OWNER_THEN_MANAGER: Definition['stages'] = [
  { name: 'owner', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'owner' }, { kind: 'sponsor' }, { kind: 'owners-manager' }] },
] // prettier-ignore
const MANAGER_AT_ONCE: Definition['stages'] = [
  { name: 'manager', fromDay: 0, toDay: 5, quorum: 1, reviewers: [{ kind: 'accessors-manager' }, { kind: 'owner' }, { kind: 'owners-manager' }] },
] // prettier-ignore

const preset = (name: string, scope: string, more: Partial<Definition> = {}): Definition => ({
  ...DEFINITION_DEFAULTS,
  name,
  scope,
  stages: OWNER_THEN_MANAGER,
  ...more,
})

/** Campaigns that people expect; a schedule begins where the caller says. */
export const PRESETS = {
  'all-quarterly': (start: string, zone: string) =>
    preset('All shared credentials, quarterly', 'all', {
      zone,
      schedule: { rule: 'FREQ=MONTHLY;INTERVAL=3', zone, start },
    }),
  'privileged-monthly': (start: string, zone: string) =>
    preset('Privileged access, monthly', 'privileged = yes', {
      zone,
      schedule: { rule: 'FREQ=MONTHLY', zone, start },
    }),
  leavers: (_: string, zone: string) =>
    preset("Leavers' credentials", 'left = yes', { zone, stages: MANAGER_AT_ONCE, triggers: ['accessor left'] }),
  unattributed: (start: string, zone: string) =>
    preset('Accesses that nobody is known to have made', 'accessor_kind in (unknown, ambiguous, shared)', {
      zone,
      schedule: { rule: 'FREQ=MONTHLY', zone, start },
    }),
  'ending-exceptions': (start: string, zone: string) =>
    preset('Exceptions about to end', 'verdict = exception and grant_ends_in_days < 30', {
      zone,
      stages: MANAGER_AT_ONCE,
      schedule: { rule: 'FREQ=MONTHLY', zone, start },
    }),
} as const
export type PresetName = keyof typeof PRESETS
