import { FactDirectory, systemsOf } from '@catena/directory'
import { valueOf, type Decided, type Instant, type Key } from '@catena/domain'
import { handleCommand, type DecisionStreams } from '@catena/ledger'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import type { OwnerFile, OwnerLine } from './csv.js'
import { stewardship, stewardshipStream, type StewardshipCommand } from './decider.js'
import { registeredCredentials } from './read-stewardship.js'
import type { Named } from './state.js'

/** Most lines of one import. */
export const OWNER_LINES_MAX = 10_000

export interface PlannedOwner {
  readonly line: number
  /** Id of the credential. */
  readonly credential: string
  readonly owner: Named
  readonly custodians: readonly Named[]
}

export interface OwnerPlan {
  readonly planned: readonly PlannedOwner[]
  /** One sentence for each line that means nothing, or several things. Where there is one, nothing is to be imported. */
  readonly problems: readonly string[]
}

/** What an import would do, as known at the cut: every credential and person by one meaning. Reads only. */
export async function planOwners(reader: AccessReader, asOf: KnownAsOf, file: OwnerFile, at: Instant): Promise<OwnerPlan> {
  if (file.lines.length > OWNER_LINES_MAX) return { planned: [], problems: [`more than ${OWNER_LINES_MAX} lines: import it in parts`] }
  const slots = file.lines.length === 0 ? new Map<string, Slot[]>() : await slotsByWord(reader, asOf)
  const people = new People(reader, asOf, at)
  const planned: PlannedOwner[] = []
  const problems = [...file.problems]
  const lineOf = new Map<string, number>()
  for (const line of file.lines) {
    try {
      const one = await plan(line, slots, people)
      const before = lineOf.get(one.credential)
      if (before !== undefined) throw new RangeError(`${line.credential} stands in line ${before} too: a credential has one owner`)
      lineOf.set(one.credential, line.line)
      planned.push(one)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      problems.push(`line ${line.line}: ${error.message}`)
    }
  }
  return { planned, problems }
} // prettier-ignore

/** Line by line; the same import again changes nothing, so one that was cut short is taken again. */
export async function importOwners(
  streams: Pick<DecisionStreams, 'readStream' | 'appendDecisions'>,
  planned: readonly PlannedOwner[],
  by: Decided,
): Promise<{ readonly assigned: number; readonly custodians: number; readonly position: number }> {
  const done = { assigned: 0, custodians: 0, position: 0 }
  const decide = async (command: StewardshipCommand): Promise<number> => {
    const stream = stewardshipStream(command.credential)
    const handled = await handleCommand(streams, stewardship, { stream, command, by })
    if ('refused' in handled) throw new Error(handled.message)
    done.position = Math.max(done.position, handled.position)
    return handled.events.length
  }
  for (const { credential, owner, custodians } of planned) {
    done.assigned += await decide({ do: 'AssignOwner', credential, ...owner, reason: 'import' })
    for (const custodian of custodians)
      done.custodians += await decide({ do: 'AddSteward', credential, ...custodian, role: 'custodian' })
  }
  return done
}

interface Slot {
  readonly id: string
  readonly system: string
}

async function plan(line: OwnerLine, slots: ReadonlyMap<string, readonly Slot[]>, people: People): Promise<PlannedOwner> {
  const { credential, system, owner, custodians } = line
  const found = (slots.get(credential) ?? []).filter((slot) => system === undefined || slot.system === system)
  const [only] = found
  if (only === undefined) throw new RangeError(`no record and no registration knows ${credential}`)
  if (found.length > 1) throw new RangeError(`${credential} means several credentials: add a column "system", or take an id`)
  const others: Named[] = []
  for (const word of custodians) others.push(await people.named(word))
  return { line: line.line, credential: only.id, owner: await people.named(owner), custodians: others }
} // prettier-ignore

/** Credentials by id and by name. */
async function slotsByWord(reader: AccessReader, asOf: KnownAsOf): Promise<Map<string, Slot[]>> {
  const slots = new Map<string, Slot[]>()
  const add = (name: string, slot: Slot): void => {
    if (slots.has(slot.id)) return
    slots.set(slot.id, [slot])
    slots.set(name, [...(slots.get(name) ?? []), slot])
  }
  for await (const part of reader.everyCredential(asOf))
    for (const entry of part) add(`${entry.containerName ?? entry.container ?? ''}${entry.path}`, entry)
  for await (const part of registeredCredentials(reader.pool, asOf.position))
    for (const { id, state } of part)
      if (state.registration !== undefined) add(state.registration.path, { id, system: state.registration.system })
  return slots
}

/** Whom words mean; each is looked up once. */
class People {
  private readonly known = new Map<string, Named>()
  private readonly directory: FactDirectory

  constructor(
    reader: AccessReader,
    asOf: KnownAsOf,
    private readonly at: Instant,
  ) {
    this.directory = new FactDirectory(reader.index(asOf), systemsOf(reader.settings.sources))
  }

  /** Throws RangeError where it means nobody, or several. */
  async named(word: string): Promise<Named> {
    const known = this.known.get(word) ?? (await this.lookUp(word))
    this.known.set(word, known)
    return known
  }

  private async lookUp(word: string): Promise<Named> {
    // A team is named by its key: the names of groups are not unique.
    if (/^group:[^:]+:./.test(word)) return { key: word as Key, name: valueOf(word as Key) }
    const persons = await this.directory.find(word)
    const [only] = persons
    if (only === undefined) throw new RangeError(`no directory knows ${word}: write a login name, an e-mail address or a key`)
    if (persons.length > 1) throw new RangeError(`${word} means several persons (${persons.join(', ')}): write a key`)
    const name = (await this.directory.entries([only], this.at)).get(only)?.name
    return { key: only, name: name ?? word }
  }
} // prettier-ignore
