import { list, text } from '@catena/domain'
import { objectOr } from '../parsing.js'
import { mentionPerson, nameOfPerson } from './parties.js'
import { targetIn } from './secrets.js'
import type { Context, Told } from './told.js'

const THINGS = ['environment', 'pipeline', 'job'] as const

/** An environment, pipeline or job came, went or was switched; credentials that were made for it are named beside. */
export function lifecycle(context: Context): Told {
  const { data, groups, name, system } = context
  const [kind = '', step = ''] = name.split('.')
  const isOver = step === 'removed' || step === 'disabled'
  for (const thing of THINGS) {
    const id = text(objectOr(data[thing]).id)
    const namespace = thing === 'environment' ? thing : 'pipeline'
    const value = thing === 'job' && id !== undefined ? `${text(objectOr(data.pipeline).id) ?? ''}/${id}` : id
    if (thing === kind && isOver) groups.end(thing, namespace, value)
    else groups.mention(thing, namespace, value)
  }
  for (const [index, credential] of list(data.credentials).entries())
    groups.mentionSlot(`credential:${index}`, targetIn(credential, system))
  mentionPerson(context, 'by', data.by)
  return {
    attributes: {
      thing: kind,
      step,
      thingId: text(objectOr(data[kind]).id),
      thingName: text(objectOr(data[kind]).name),
      by: nameOfPerson(data.by),
    },
  }
}
