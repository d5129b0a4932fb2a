import type { ListedToken } from '@catena/callers'
import { paint, type Paper, type Span } from '../terminal/paint.js'
import { paintTable, type Column } from '../terminal/table.js'

const COLUMNS: readonly Column[] = ['id', 'name', 'role', 'sources', 'owner', 'status', 'until', 'last used'].map(
  (title) => ({
    title,
    align: 'left',
  }),
)

export function renderTokens(tokens: readonly ListedToken[], paper: Paper): string {
  if (tokens.length === 0) return `${paint([{ text: 'No tokens: `catena tokens issue` makes one.' }], paper)}\n`
  return `${paintTable(COLUMNS, tokens.map(rowOf), paper)}\n`
}

function rowOf({ id, name, roles, sources, owner, status, expiresAt, lastUsedAt }: ListedToken): Span[] {
  const day = (at: number | undefined): string => (at === undefined ? 'never' : new Date(at).toISOString().slice(0, 16))
  const cells = [id, name, roles.join(' '), sources.length === 0 ? 'all' : sources.join(' '), owner, status]
  return [...cells, day(expiresAt), day(lastUsedAt)].map((text) => ({ text }))
}
