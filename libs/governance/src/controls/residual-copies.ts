import { lastRotation, merged, named, perhapsRotation, positionsOf } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const residualCopies = control({
  id: 'residual-copies',
  version: 2,
  title: 'No copy holds an old version',
  question: 'After the last rotation, does any copy still hold what was before?',
  method:
    'Asked of credentials of which copies are declared. Uncontrolled: a copy is older than the last recorded change of the secret. ' +
    'Unknown: no change is recorded to compare with; or one is older than what perhaps was changed since, of which no record shows the answer. ' +
    'Controlled: all are newer.',
  requirements: ['R2.3'],
  severity: 'medium',
  because: 'an old copy is a secret that nobody watches, and what uses it will break or is not rotated at all',
  parameters: {},
  applies: ({ stewardship }) => stewardship.copies.length > 0,
  test: (history) => {
    const rotation = lastRotation(history)
    const { copies } = history.stewardship
    if (rotation === undefined) return unknown('It has copies, and no rotation is recorded to compare them with.')
    const old = copies.filter(({ version, at }) =>
      version !== undefined && rotation.version !== undefined ? version < rotation.version : at < rotation.at,
    )
    const perhaps = perhapsRotation(history)
    if (old.length === 0 && perhaps !== undefined && copies.some(({ at }) => at < perhaps.at))
      return unknown('It was perhaps rotated since a copy was made, and no record shows whether it was.', {
        witnesses: perhaps.positions,
      })
    if (old.length === 0)
      return controlled('Every copy was renewed since the last rotation.', { witnesses: rotation.positions })
    return uncontrolled(
      `Copies that still hold what was before the last rotation: ${named(old.map(({ kind, place }) => `${kind} ${place}`))}.`,
      { witnesses: merged([rotation.positions, positionsOf(old)]) },
    )
  },
})
