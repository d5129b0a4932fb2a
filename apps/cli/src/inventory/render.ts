import { formatInstant } from '@catena/domain'
import type { Impact, InventoryEntry, Location, SeenSecret } from '@catena/governance'
import { dim, paint, plain, type Paper, type Span } from '../terminal/paint.js'
import { paintTable } from '../terminal/table.js'

const HOUR_MS = 3_600_000

export function renderEntry({ entry, impact }: { entry: InventoryEntry; impact: Impact }, paper: Paper): string {
  const { ageDays, owner } = entry
  const rows: [string, string][] = [
    ['system', entry.system],
    ['kind', `${entry.kind ?? 'not declared'}, ${entry.issuance}`],
    [
      'shared',
      `${entry.shared.observed ? 'used by several' : 'not seen to be'}; declared: ${declaredWord(entry.shared.declared)}`,
    ],
    [
      'owner',
      owner === undefined ? 'nobody' : `${owner.name}${owner.rule === undefined ? '' : ` (rule ${owner.rule})`}`,
    ],
    ['purpose', entry.purpose ?? 'not declared'],
    ['scope', entry.scope ?? 'not declared'],
    ['reaches', entry.reach.declared.length === 0 ? 'not declared' : entry.reach.declared.join(', ')],
    [
      'environment',
      [entry.environment ?? 'not declared', ...entry.environmentsSeen.map((name) => `seen in ${name}`)].join('; '),
    ],
    ['privileged', entry.privilegedBy === undefined ? 'by no rule' : `by rule ${entry.privilegedBy}`],
    ['age', ageDays === undefined ? 'unknown' : `${ageDays.atLeast ? 'at least ' : ''}${ageDays.days} days`],
    ['last use', entry.lastUse === undefined ? 'none seen' : formatInstant(entry.lastUse)],
    ...placesOf(entry).map((text): [string, string] => ['place', text]),
    ...impact.consumers.map(({ name, lastAt }): [string, string] => [
      'would break',
      `${name}, last ${formatInstant(lastAt)}`,
    ]),
  ]
  const lines = rows.map(([label, text]) => paint([dim(label.padEnd(13)), plain(text)], paper))
  const warning = impact.complete ? [] : ['Somebody unknown obtained it: more may break than is listed.']
  return `${[paint([{ text: entry.name, style: 'bold' }], paper), ...lines, ...warning].join('\n')}\n`
}

/** Each place once, with the versions that are known to have gone there. */
function placesOf({ locations }: InventoryEntry): string[] {
  const shown = (one: Location): string => `${one.kind} ${one.place} (${one.basis}`
  return [...new Set(locations.map(shown))].map((place) => {
    const alike = locations.filter((one) => shown(one) === place)
    const versions = [...new Set(alike.flatMap(({ version }) => version ?? []))].sort((a, b) => a - b)
    const told = versions.length === 0 ? '' : `, version${versions.length === 1 ? '' : 's'} ${versions.join(', ')}`
    return `${place}${told}${alike.some(({ residual }) => residual) ? ', may hold an old version' : ''})`
  })
}

function declaredWord(shared: boolean | undefined): string {
  if (shared === undefined) return 'nothing'
  return shared ? 'shared' : 'individual'
}

export function renderLeaver(person: string, seen: readonly SeenSecret[], paper: Paper): string {
  if (seen.length === 0) return `No static secret that ${person} obtained is on record.\n`
  const columns = ['credential', 'state', 'last seen', 'since they left'].map((title) => ({
    title,
    align: 'left' as const,
  }))
  const rows = seen.map(({ name, endedAt, lastSeenAt, latencyMs, perhaps }): Span[] => [
    plain(`${name}${perhaps ? ' (perhaps)' : ''}`),
    endedAt === undefined
      ? { text: 'VALID', style: 'red' }
      : { text: `ended ${formatInstant(endedAt)}`, style: 'green' },
    plain(formatInstant(lastSeenAt)),
    plain(latencyMs === undefined ? 'not known to have left' : `${Math.round(latencyMs / HOUR_MS)} hours`),
  ])
  return `${paintTable(columns, rows, paper)}\n`
}
