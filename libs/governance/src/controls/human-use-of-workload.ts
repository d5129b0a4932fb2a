import type { Accessor } from '../history/accessor.js'
import { behind } from '../history/behind.js'
import { knownFrom } from '../history/looks-back.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { keepsAt, keepsThroughout } from '../history/keepers.js'
import type { InGroup } from '../history/in-group.js'
import { activeSince, DAY_MS, named, obtained, obtainedWithin, restingOn } from '../history/questions.js'
import type { Retrieval } from '../history/retrieval.js'
import { control, controlled, tooOften, uncontrolled, unknown } from './control.js'

export const humanUseOfWorkload = control({
  id: 'human-use-of-workload',
  version: 4,
  title: 'People do not use what belongs to workloads',
  question:
    'Did a person obtain a credential that workloads use, or an account of machines obtain it from where a person sits?',
  method:
    'Asked of credentials that workloads obtained within windowDays, or an account of nobody in particular from an address from which a person did ' +
    'within a day. Uncontrolled: the latter, or a person obtained it who at that moment was neither its owner, nor of the team that owns it, nor a ' +
    'custodian or of a team that is; who owned or kept it then counts as who does now. Unknown: no record says whether a person was of the team then, ' +
    'or there were too many retrievals to look at each. Controlled: no such person.',
  requirements: ['R1.6'],
  severity: 'medium',
  because: 'a person behind a workload’s credential acts as the workload, past their own rights',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: (history, { windowDays }) =>
    isOfWorkloads(history, windowDays) ||
    usesFromDesks(history, windowDays).length > 0 ||
    mayBeFromDesks(history, windowDays),
  test: (history, { windowDays }) => {
    const desks = usesFromDesks(history, windowDays)
    if (desks.length > 0)
      return uncontrolled(
        `It was obtained as ${named([...new Set(desks.map(({ accessor }) => accessor.name))])} from where a person obtained it too.`,
        restingOn(desks, windowDays),
      )
    const uses = isOfWorkloads(history, windowDays) ? usesOfPeople(history, windowDays) : []
    const others = uses.filter(({ keeps }) => keeps === 'no')
    if (others.length > 0)
      return uncontrolled(
        `Workloads use it, and these people obtained it too: ${namesOf(others)}.`,
        restingOn(others, windowDays),
      )
    const open = uses.filter(({ keeps }) => keeps === 'perhaps')
    if (open.length > 0)
      return unknown(
        `Workloads use it, and whether these people were of those who keep it when they obtained it is not known: ${namesOf(open)}.`,
        restingOn(open, windowDays),
      )
    if (mayBeFromDesks(history, windowDays)) {
      const edges = [knownFrom(history), ...history.accessors.flatMap(({ lastAt }) => lastAt ?? [])]
      return tooOften(history, edges.map((edge) => edge + (windowDays + 1) * DAY_MS + 1)) // prettier-ignore
    }
    return controlled('Only workloads, its owner (or who was of the team that owns it) and its custodians obtained it.')
  },
})

function isOfWorkloads(history: CredentialHistory, windowDays: number): boolean {
  return activeSince(history, history.at - windowDays * DAY_MS).some(({ accessor }) => accessor.kind === 'workload')
}

/** One by a person; or many of them that are not looked at one by one. */
interface PersonsUse extends Pick<Retrieval, 'accessor' | 'at' | 'positions'> {
  /** Was the person of those who keep it? */
  readonly keeps: InGroup
}

function usesOfPeople(history: CredentialHistory, windowDays: number): PersonsUse[] {
  const seen = obtainedWithin(history, windowDays).filter(({ accessor }) => accessor.kind === 'person')
  const oldest = Math.min(history.at, knownFrom(history))
  const since = history.at - windowDays * DAY_MS
  const unseen = activeSince(history, since).flatMap(({ accessor, firstAt = Infinity, newest }): PersonsUse[] => {
    const from = Math.max(since, firstAt)
    if (accessor.kind !== 'person' || from >= oldest) return []
    const keeps = keepsThroughout(history, accessor.keys, from, oldest)
    return [{ accessor, at: oldest, positions: newest.positions, keeps }]
  })
  return [...seen.map((use) => ({ ...use, keeps: keepsAt(history, use.accessor.keys, use.at) })), ...unseen]
}

function namesOf(uses: readonly PersonsUse[]): string {
  return named([...new Set(uses.map(({ accessor }) => accessor.name))])
}

/** By an account of no person, from an address from which a person obtained it within a day before or after. */
function usesFromDesks(history: CredentialHistory, windowDays: number): Retrieval[] {
  const placed = obtained(history).filter(({ address }) => address !== undefined)
  const people = placed.filter(({ accessor }) => accessor.kind === 'person')
  return placed.filter(
    ({ accessor, address, at }) =>
      isOfNobody(accessor) &&
      at >= history.at - windowDays * DAY_MS &&
      people.some((own) => own.address === address && Math.abs(own.at - at) < DAY_MS),
  )
}

/** Both obtained it in the period, and not each time of one of them is known: sums know no addresses. */
function mayBeFromDesks(history: CredentialHistory, windowDays: number): boolean {
  const since = history.at - windowDays * DAY_MS
  const nobodys = activeSince(history, since).filter(({ accessor }) => isOfNobody(accessor))
  const people = activeSince(history, since - DAY_MS).filter(({ accessor }) => accessor.kind === 'person')
  const both = new Set([...nobodys, ...people])
  return nobodys.length > 0 && people.length > 0 && behind(history, since - DAY_MS).some(({ of }) => both.has(of))
}

function isOfNobody({ kind }: Accessor): boolean {
  return kind === 'shared' || kind === 'unknown'
}
