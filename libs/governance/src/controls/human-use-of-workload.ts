import type { Key } from '@catena/domain'
import type { CredentialHistory } from '../history/credential-history.js'
import { activeSince, DAY_MS, named, obtained, personOf, restingOn, restingOnAccessors } from '../history/questions.js'
import type { Retrieval } from '../history/retrieval.js'
import { control, controlled, uncontrolled } from './control.js'

export const humanUseOfWorkload = control({
  id: 'human-use-of-workload',
  version: 2,
  title: 'People do not use what belongs to workloads',
  question:
    'Did a person obtain a credential that workloads use, or an account of machines obtain it from where a person sits?',
  method:
    'Asked of credentials that workloads obtained within windowDays, or an account of nobody in particular from an address from which a person did ' +
    'within a day. Uncontrolled: the latter, or a person obtained it who is neither its owner, nor of the team that owns it, nor a custodian. ' +
    'Controlled: no such person.',
  requirements: ['R1.6'],
  severity: 'medium',
  because: 'a person behind a workload’s credential acts as the workload, past their own rights',
  parameters: { windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' } },
  applies: (history, { windowDays }) =>
    activeSince(history, history.at - windowDays * DAY_MS).some(({ accessor }) => accessor.kind === 'workload') ||
    usesFromDesks(history, windowDays).length > 0,
  test: (history, { windowDays }) => {
    const active = activeSince(history, history.at - windowDays * DAY_MS)
    const people = active.filter(({ accessor }) => accessor.kind === 'person')
    const custodians = new Set<string>([
      ...history.stewardship.stewards.map(({ key }) => key),
      history.owner?.key ?? '',
    ])
    const others = people.filter(
      ({ accessor }) => !accessor.keys.some((key) => custodians.has(key) || isOfOwner(history, key)),
    )
    const desks = usesFromDesks(history, windowDays)
    if (desks.length > 0)
      return uncontrolled(
        `It was obtained as ${named([...new Set(desks.map(({ accessor }) => accessor.name))])} from where a person obtained it too.`,
        restingOn(desks, windowDays),
      )
    if (others.length === 0)
      return controlled(
        'Only workloads, its owner (or who is of the team that owns it) and its custodians obtained it.',
      )
    return uncontrolled(
      `Workloads use it, and these people obtained it too: ${named(others.map(({ accessor }) => accessor.name))}.`,
      restingOnAccessors(others, windowDays),
    )
  },
})

/** By an account of no person, from an address from which a person obtained it within a day before or after. */
function usesFromDesks(history: CredentialHistory, windowDays: number): Retrieval[] {
  const placed = obtained(history).filter(({ address }) => address !== undefined)
  const people = placed.filter(({ accessor }) => accessor.kind === 'person')
  return placed.filter(
    ({ accessor, address, at }) =>
      (accessor.kind === 'shared' || accessor.kind === 'unknown') &&
      at >= history.at - windowDays * DAY_MS &&
      people.some((own) => own.address === address && Math.abs(own.at - at) < DAY_MS),
  )
}

/** A team owns it, and this is somebody of the team. */
function isOfOwner(history: CredentialHistory, key: Key): boolean {
  return personOf(history, key)?.memberships.some(({ group }) => group === history.owner?.key) ?? false
}
