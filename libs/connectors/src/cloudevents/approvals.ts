import { parseInstant, text } from '@catena/domain'
import { objectOr } from '../parsing.js'
import { isPerson, mentionPerson, nameOfPerson, systemOr } from './parties.js'
import { targetIn } from './secrets.js'
import type { Context, Told } from './told.js'

/** A step of a request in a ticket system: asked for, agreed to, refused, withdrawn, run out. */
export function approval(context: Context): Told {
  const { data, groups, system } = context
  const run = objectOr(data.run)
  const window = objectOr(data.window)
  const [requester, approver] = [objectOr(data.requester), objectOr(data.approver)]
  const target = targetIn(data.credential, system)
  groups.mention('request', 'access-request', text(objectOr(data.request).id))
  const host = text(run.system) === undefined ? undefined : systemOr(run.system, system)
  if (host !== undefined) groups.mention('run', 'ci-run', text(run.id), host)
  groups.mentionSlot('credential', target)
  mentionPerson(context, 'requester', requester)
  mentionPerson(context, 'approver', approver)
  const decided = text(approver.id) !== undefined
  const isOwn = decided && text(approver.id) === text(requester.id) && approver.issuer === requester.issuer
  return {
    attributes: {
      decision: text(data.decision),
      requestId: text(objectOr(data.request).id),
      approver: nameOfPerson(approver),
      approvedBySoftware: decided && !isPerson(approver) ? true : undefined,
      requester: nameOfPerson(requester),
      approvedByRequester: isOwn ? true : undefined,
      role: text(data.role),
      credentialPath: target?.path,
      validFrom: parseInstant(text(window.from)),
      validUntil: parseInstant(text(window.until)),
    },
  }
}
