import type { Accessor } from '../history/accessor.js'
import { looksBackTo } from '../history/looks-back.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { coverOf } from '../history/granted.js'
import { named, obtained, personOf, witnessesOf } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const accessFit = control({
  id: 'access-fit',
  version: 2,
  title: 'Access follows the role',
  question: 'Did anybody go on using it after their role changed?',
  method:
    'Asked of credentials that people obtained. Uncontrolled: somebody went on obtaining it after a directory said that they moved or ' +
    'left a group, no grant was made to them since, and they were in no role that it was granted to when they obtained it. Unknown: no directory tells of somebody who obtained it. Controlled: neither.',
  requirements: ['R1.12'],
  severity: 'medium',
  because: 'access that lingers after a move is held for no reason that anybody gave',
  parameters: {},
  applies: ({ accessors }) =>
    accessors.some(({ accessor, lastAt }) => accessor.kind === 'person' && lastAt !== undefined),
  test: (history) => {
    const people = history.accessors.filter(
      ({ accessor, lastAt }) => accessor.kind === 'person' && lastAt !== undefined,
    )
    const lingering = people.filter(({ accessor, firstAt = 0, lastAt = 0 }) =>
      accessor.keys.some((key) =>
        personOf(history, key)?.changes.some(
          ({ kind, at }) =>
            (kind === 'moved' || kind === 'left group') &&
            at > firstAt &&
            at < lastAt &&
            !isGrantedAnew(history.sharing.grants, key, at) &&
            !isInRoleSince(history, accessor, at),
        ),
      ),
    )
    if (lingering.length > 0)
      return uncontrolled(
        `Used on after a change of role, without a new grant: ${named(lingering.map(({ accessor }) => accessor.name))}.`,
        { witnesses: witnessesOf(lingering) },
      )
    const unlisted = people.filter(({ accessor }) => accessor.keys.every((key) => personOf(history, key) === undefined))
    if (unlisted.length > 0)
      return unknown(`No directory tells of the role of ${named(unlisted.map(({ accessor }) => accessor.name))}.`, {
        witnesses: witnessesOf(unlisted),
      })
    return controlled('Nobody used it after a change of role without a new grant.')
  },
})

function isGrantedAnew(
  grants: readonly { readonly to: string; readonly from: number }[],
  key: string,
  since: number,
): boolean {
  return grants.some(({ to, from }) => to === key && from >= since)
}

/** Everything that was obtained since was so in a role that it is granted to, as far as all of it can be looked at. */
function isInRoleSince(history: CredentialHistory, accessor: Accessor, since: number): boolean {
  const uses = obtained(history).filter((use) => use.accessor.id === accessor.id && use.at > since)
  return looksBackTo(history, since) && uses.every((use) => coverOf(history, use).sure.some(({ toRole }) => toRole))
}
