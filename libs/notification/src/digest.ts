import { formatMinute, type Instant } from '@catena/domain'

/** Work of one person in one campaign. */
export interface Due {
  readonly campaign: string
  readonly name: string
  readonly items: number
  readonly dueAt: Instant
}

/** Decisions of one sealed campaign that something speaks against. */
export interface ContradictedIn {
  readonly campaign: string
  readonly name: string
  readonly items: number
}

/** One message about all that somebody has to review: never an item's content, never a decision by link. */
export interface Digest {
  readonly subject: string
  readonly text: string
  readonly link: string
  readonly due: readonly Due[]
  /** Absent: of work to do. */
  readonly type?: 'decisions-contradicted'
  /** What the message is about, where it is not work. */
  readonly contradicted?: readonly ContradictedIn[]
}

export function digestOf(due: readonly Due[], now: Instant, url: string): Digest {
  const all = [...due].sort((a, b) => a.dueAt - b.dueAt || (a.campaign < b.campaign ? -1 : 1))
  const items = all.reduce((sum, each) => sum + each.items, 0)
  const link = `${url}/review`
  const lines = all.map(
    ({ name, items: open, dueAt }) =>
      `- ${name}: ${plural(open, 'access', 'accesses')}, ${dueAt < now ? 'overdue since' : 'due by'} ${formatMinute(dueAt)}`,
  )
  return {
    subject: `${plural(items, 'access', 'accesses')} to review${all.some(({ dueAt }) => dueAt < now) ? ', some overdue' : ''}`,
    text: [
      `You are asked to review ${plural(items, 'access', 'accesses')} to shared credentials:`,
      '',
      ...lines,
      '',
      `Sign in and decide: ${link}`,
      '',
      'The riskiest come first. Accesses with the same kind of evidence can be decided together. Nothing is decided by opening this link.',
    ].join('\n'),
    link,
    due: all,
  }
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
