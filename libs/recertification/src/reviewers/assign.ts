import type { Instant, Key } from '@catena/domain'
import type { ReviewerRule } from '../definition/definition.js'
import { isExcluded } from '../item/parties.js'
import { partiesOf, withParties } from '../population/parties.js'
import type { Assignment } from '../population/frozen-item.js'
import type { AccessRow } from '../ports/access-summary.js'
import { bare, hasLeft, type Directory, type Identity } from '../ports/people.js'
import { conflictsOf, type Parties } from './independence.js'
import { LEFT } from './why-blocked.js'

/** Who is who at one cut, each asked once. */
export class People {
  private readonly known = new Map<Key, Promise<Identity | undefined>>()
  private readonly managers = new Map<Key, Promise<Key | undefined>>()
  private readonly sponsors = new Map<Key, Promise<Key | undefined>>()
  private readonly groups = new Map<Key, Promise<readonly Key[]>>()

  constructor(
    private readonly directory: Directory,
    private readonly position: number,
  ) {}

  /** Asks for all of them at once; each is then known. */
  async meet(keys: readonly Key[]): Promise<void> {
    const strangers = [...new Set(keys)].filter((key) => !this.known.has(key))
    if (strangers.length === 0) return
    const found = await this.directory.identities(strangers, this.position)
    for (const key of strangers) this.known.set(key, Promise.resolve(found.get(key)))
  }
  identity(key: Key): Promise<Identity | undefined> {
    return once(this.known, key, async () => (await this.directory.identities([key], this.position)).get(key))
  }
  /** Of somebody the directory does not know there is the key alone. */
  async identities(keys: readonly Key[]): Promise<Identity[]> {
    await this.meet(keys)
    return Promise.all(keys.map(async (key) => (await this.identity(key)) ?? bare(key)))
  }
  manager(key: Key): Promise<Key | undefined> {
    return once(this.managers, key, () => this.directory.managerOf(key, this.position))
  }
  sponsor(key: Key): Promise<Key | undefined> {
    return once(this.sponsors, key, () => this.directory.sponsorOf(key, this.position))
  }
  members(key: Key): Promise<readonly Key[]> {
    return once(this.groups, key, () => this.directory.membersOf(key, this.position))
  }
}

function once<T>(cache: Map<Key, Promise<T>>, key: Key, ask: () => Promise<T>): Promise<T> {
  const known = cache.get(key)
  if (known !== undefined) return known
  const asked = ask()
  cache.set(key, asked)
  return asked
}

/** What became known of an item after its freeze, as far as it bears on who may review it. */
export interface KnownSince {
  readonly parties?: Parties
  readonly excluded?: readonly Key[]
}

/** The first rule that finds somebody eligible; whom it passes over is said with the reason. Empty reviewers: nobody was eligible. */
export async function assign(
  rules: readonly ReviewerRule[],
  access: AccessRow,
  owner: Key | undefined,
  people: People,
  at: Instant,
  since: KnownSince = {},
): Promise<Assignment> {
  const parties = withParties(partiesOf(access), since.parties)
  const notReviewers: { person: Key; why: string }[] = []
  for (const rule of rules) {
    const reviewers: Key[] = []
    for (const key of await named(rule, access, owner, people)) {
      const why = await unfit(key, parties, since, people, at)
      if (why === undefined) reviewers.push(key)
      else notReviewers.push({ person: key, why })
    }
    if (reviewers.length > 0) return { owner, reviewers: [...new Set(reviewers)].sort(), notReviewers }
  }
  return { owner, reviewers: [], notReviewers }
}

/** Of somebody the directory does not know nothing but the key can be compared; that alone keeps nobody from reviewing. */
async function unfit(
  key: Key,
  parties: Parties,
  since: KnownSince,
  people: People,
  at: Instant,
): Promise<string | undefined> {
  const identity = (await people.identity(key)) ?? bare(key)
  const [conflict] = conflictsOf([identity], parties)
  if (conflict !== undefined) return conflict.as
  if (isExcluded(since, identity)) return 'party'
  return hasLeft(identity, at) ? LEFT : undefined
}

async function named(rule: ReviewerRule, { accessor }: AccessRow, owner: Key | undefined, people: People): Promise<readonly Key[]> {
  const own = accessor.kind === 'person' || accessor.kind === 'workload' ? accessor.key : undefined
  switch (rule.kind) {
    case 'owner':
      return present(owner)
    case 'owners-manager':
      return present(owner === undefined ? undefined : await people.manager(owner))
    case 'accessors-manager':
      return present(own === undefined ? undefined : await people.manager(own))
    case 'sponsor':
      return present(own === undefined ? undefined : await people.sponsor(own))
    case 'people':
      return rule.people
    case 'group':
      return people.members(rule.group)
  }
} // prettier-ignore

function present(key: Key | undefined): Key[] {
  return key === undefined ? [] : [key]
}
