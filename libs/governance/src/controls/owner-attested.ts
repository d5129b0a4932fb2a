import { DAY_MS, positionsOf } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const ownerAttested = control({
  id: 'owner-attested',
  version: 1,
  title: 'The owner said yes',
  question: 'Did its owner attest within the period that it is theirs?',
  method:
    'Asked of credentials with an owner. Controlled: this owner attested it within attestDays. Uncontrolled: not, or longer ago; an ' +
    'attestation of an owner before does not count.',
  requirements: ['R2.2'],
  severity: 'low',
  because: 'an owner who was only assigned may not know of it',
  parameters: { attestDays: { default: 365, unit: 'days', meaning: 'an attestation counts for so long' } },
  applies: ({ owner }) => owner !== undefined,
  test: ({ owner, stewardship: { attested }, at }, { attestDays }) => {
    if (owner === undefined || attested?.owner !== owner.key)
      return uncontrolled(`${owner?.name ?? 'Nobody'} has not attested that it is theirs.`, {
        witnesses: positionsOf(owner === undefined ? [] : [owner]),
      })
    const until = attested.at + attestDays * DAY_MS
    const witnesses = positionsOf([attested])
    if (at >= until)
      return uncontrolled(`The attestation of ${owner.name} is older than ${attestDays} days.`, { witnesses })
    return controlled(`${owner.name} attested that it is theirs.`, { witnesses, validUntil: until })
  },
})
