import { parseInstant, text } from '@catena/domain'
import { objectOr } from '../parsing.js'
import { mentionPerson, nameOfPerson } from './parties.js'
import { targetIn } from './secrets.js'
import type { Context, Told } from './told.js'

/** A scanner or a person reports that a secret was seen where it should not be. */
export function exposure(context: Context): Told {
  const { data, groups, system } = context
  const found = objectOr(data.found)
  const target = targetIn(data.credential, system)
  groups.mentionSlot('credential', target)
  mentionPerson(context, 'reporter', data.by)
  return {
    target,
    attributes: {
      foundIn: text(found.in),
      foundAt: parseInstant(text(found.at)),
      place: text(found.place),
      isPublic: typeof found.public === 'boolean' ? found.public : undefined,
      reporter: nameOfPerson(data.by),
    },
  }
}
