import { isMinted, namespaceOf, type Activity, type Instant, type Key } from '@catena/domain'

/** That an alias is a person's, because somebody said so: an operator, or whoever made a list. At most an inference. */
export interface Join {
  readonly alias: Key
  readonly principal: Key
  readonly evidence: readonly number[]
}

/** Roles in which a login, or the use of a key that lasts, names the account behind it. */
const ACCOUNT_ROLES: ReadonlySet<string> = new Set(['account', 'entity', 'principal', 'holder'])

/** Names of the account that authenticated with a lasting secret. */
export function aliasesIn({ groups }: Activity): Key[] {
  const own = groups.filter(({ role, trust }) => trust === 'verified' && ACCOUNT_ROLES.has(role))
  return [...new Set(own.flatMap(({ forms }) => forms.map(({ key }) => key)))].filter((key) => !isMinted(key))
}

/** Persons that facts about an alias may join it to, whatever the moment. */
export function joinedPersons(facts: readonly Activity[]): Key[] {
  const decided = facts.filter(({ kind }) => kind === DECIDED).map(({ attributes }) => attributes.principal as Key)
  const listed = facts.filter(({ attributes }) => Array.isArray(attributes.sameAs)).map(describedIn)
  return [...new Set([...decided, ...listed.filter((key) => key !== undefined)])].sort()
}

/** The turn of it: aliases that facts about a person may join to whomever they are about, whatever the moment. */
export function joinedAliases(facts: readonly Activity[]): Key[] {
  const decided = facts.filter(({ kind }) => kind === DECIDED).map(({ attributes }) => attributes.alias as Key)
  const listed = facts.flatMap(({ attributes }) => (Array.isArray(attributes.sameAs) ? attributes.sameAs : []) as Key[])
  return [...new Set([...decided, ...listed])].sort()
}

/** Kind of the facts that decisions of operators are told by. */
const DECIDED = 'identity-joined'

/**
 * Whose an alias was at a moment, by all facts that relate it to persons. Decisions count in the order in which they were made; which
 * decisions exist is the index's to say, so that none counts before it was recorded.
 */
export function joinsAt(alias: Key, facts: readonly Activity[], at: Instant): Join[] {
  const joins = new Map<Key, Join>()
  for (const [principal, decisions] of byPrincipal(facts.filter(({ kind }) => kind === DECIDED))) {
    const standing = decisions.reduce<Standing | undefined>(decidedAfter, undefined)
    if (standing !== undefined && standing.from <= at && at < standing.to)
      joins.set(principal, { alias, principal, evidence: standing.evidence })
  }
  for (const join of listedJoins(alias, facts, at)) if (!joins.has(join.principal)) joins.set(join.principal, join)
  return [...joins.values()].sort((a, b) => (a.principal < b.principal ? -1 : 1))
}

interface Standing {
  readonly from: Instant
  readonly to: Instant
  readonly evidence: readonly number[]
}

function byPrincipal(decisions: readonly Activity[]): Map<Key, Activity[]> {
  const found = new Map<Key, Activity[]>()
  // By position: that is the order in which they were decided.
  const inOrder = [...decisions].sort((a, b) => (a.positions[0] ?? 0) - (b.positions[0] ?? 0))
  for (const decision of inOrder) {
    const principal = decision.attributes.principal as Key
    found.set(principal, [...(found.get(principal) ?? []), decision])
  }
  return found
}

function decidedAfter(standing: Standing | undefined, { attributes, positions }: Activity): Standing | undefined {
  const bound = (name: string, otherwise: number): number => {
    const value = attributes[name]
    return typeof value === 'number' ? value : otherwise
  }
  switch (attributes.join) {
    case 'joined':
      return { from: bound('validFrom', -Infinity), to: bound('validTo', Infinity), evidence: positions }
    case 'ended':
      return (
        standing && {
          ...standing,
          to: Math.min(standing.to, bound('validTo', Infinity)),
          evidence: [...standing.evidence, ...positions],
        }
      )
    default:
      return standing
  }
}

/** A row of an imported list names accounts of its person elsewhere; the newest list before the moment counts, else the next. */
function listedJoins(alias: Key, facts: readonly Activity[], at: Instant): Join[] {
  const lists = new Map<Key, Activity[]>()
  for (const fact of facts) {
    const person = describedIn(fact)
    if (person !== undefined && Array.isArray(fact.attributes.sameAs))
      lists.set(person, [...(lists.get(person) ?? []), fact])
  }
  return [...lists].flatMap(([principal, rows]) => {
    const inOrder = [...rows].sort((a, b) => a.occurredAt - b.occurredAt)
    const row = inOrder.findLast((one) => one.occurredAt <= at) ?? inOrder[0]
    const names = (row?.attributes.sameAs ?? []) as readonly unknown[]
    return row !== undefined && names.includes(alias) ? [{ alias, principal, evidence: row.positions }] : []
  })
}

function describedIn(fact: Activity): Key | undefined {
  const described = fact.groups.filter(({ verb }) => verb === 'describes').flatMap(({ forms }) => forms)
  return described.map(({ key }) => key).find((key) => namespaceOf(key) === 'person')
}
