import { sightingsBehind } from '../history/behind.js'
import { counted, merged, obtained } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const migrationCutover = control({
  id: 'migration-cutover',
  version: 2,
  title: 'A migration ends with the old credential dead',
  question: 'Was the shared credential cut over in its window, and not obtained since?',
  method:
    'Asked of credentials in a migration. Uncontrolled: the window passed without a cutover, or it was obtained after the cutover. ' +
    'Controlled: the window runs, or nobody obtained it since.',
  requirements: ['R3.6'],
  severity: 'medium',
  because: 'a migration that never ends is permanent sharing under another name',
  parameters: {},
  applies: ({ sharing }) => sharing.migrations.length > 0,
  test: (history) => {
    const { migrations } = history.sharing
    const overdue = migrations.filter(({ until, cutoverAt }) =>
      cutoverAt === undefined ? history.at >= until : cutoverAt > until,
    )
    if (overdue.length > 0)
      return uncontrolled(`${counted(overdue.length, 'migration window')} passed without a cutover.`, {
        witnesses: merged(overdue.map(({ positions }) => positions)),
      })
    const uses = [...obtained(history), ...sightingsBehind(history, -Infinity)]
    const late = migrations.flatMap(({ cutoverAt }) =>
      uses.filter(({ at }) => cutoverAt !== undefined && at > cutoverAt),
    )
    if (late.length > 0)
      return uncontrolled(`It was obtained ${counted(late.length, 'time')} after the cutover.`, {
        witnesses: merged(late.map(({ positions }) => positions)),
      })
    const open = migrations.filter(({ cutoverAt }) => cutoverAt === undefined).map(({ until }) => until)
    return controlled(
      'The migration is inside its window, or the old credential was not obtained since.',
      open.length === 0 ? {} : { validUntil: Math.min(...open) },
    )
  },
})
