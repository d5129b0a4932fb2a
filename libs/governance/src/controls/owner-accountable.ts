import type { Key } from '@catena/domain'
import type { CredentialHistory } from '../history/credential-history.js'
import type { InGroup } from '../history/in-group.js'
import { hasLeft, isHere, isPerson, isTeam, merged, personOf } from '../history/questions.js'
import type { Owner } from '../ownership/rules.js'
import { control, controlled, uncontrolled, unknown, type Judgement } from './control.js'

export const ownerAccountable = control({
  id: 'owner-accountable',
  version: 3,
  title: 'Exactly one accountable owner',
  question: 'Does somebody who is still here answer for it?',
  method:
    'Asked of every credential. Controlled: its owner is a person whom a directory knows as being here, a team with such a member, or a program with a ' +
    'sponsor of either kind. Uncontrolled: there is no owner, the person left or is locked out, the program has no sponsor, or all members or sponsors ' +
    'are gone. Unknown: no directory tells of the person, of anybody in the team, or of a sponsor; or all known members are gone, and no directory ever ' +
    'told of all members.',
  requirements: ['R2.2'],
  severity: 'high',
  because: 'a credential nobody answers for is never rotated, reviewed or revoked',
  parameters: {},
  applies: () => true,
  test: (history) => {
    const { owner } = history
    if (owner === undefined) return uncontrolled('Nobody owns it.')
    if (isTeam(owner.key)) return ofTeam(history, owner)
    if (!isPerson(owner.key)) return ofWorkload(history, owner)
    const person = personOf(history, owner.key)
    const witnesses = person?.employment.evidence ?? []
    if (person === undefined || person.employment.state === 'unknown')
      return unknown(`No directory says whether its owner ${owner.name} is still here.`, { witnesses })
    if (hasLeft(person))
      return uncontrolled(`Its owner ${owner.name} is not here any more (${person.employment.state}).`, { witnesses })
    return controlled(`${owner.name} answers for it.`, { witnesses })
  },
})

function ofTeam(history: CredentialHistory, { key, name }: Owner): Judgement {
  const { here, evidence: witnesses } = answering(history, key)
  if (here === 'yes') return controlled(`${name} (a team) answers for it.`, { witnesses })
  if (here === 'no')
    return uncontrolled(`Its owner ${name} is a team, and nobody who was in it is here any more.`, { witnesses })
  return unknown(`No directory says whether anybody in its owner ${name} (a team) is still here.`, { witnesses })
}

function ofWorkload(history: CredentialHistory, { key, name }: Owner): Judgement {
  const sponsors = history.sponsors[key] ?? []
  if (sponsors.length === 0) return uncontrolled(`Its owner ${name} is a program for which nobody answers.`)
  const those = sponsors.map(({ sponsor }) => answering(history, sponsor))
  const witnesses = merged([...sponsors, ...those].map(({ evidence }) => evidence))
  if (those.some(({ here }) => here === 'yes'))
    return controlled(`${name} answers for it, and somebody answers for ${name}.`, { witnesses })
  if (those.every(({ here }) => here === 'no'))
    return uncontrolled(`Its owner ${name} is a program, and all who answered for it are not here any more.`, {
      witnesses,
    })
  return unknown(`No directory says whether anybody who answers for its owner ${name} is still here.`, { witnesses })
}

/** Whether a person, or anybody of a team, is still here, and by which records. */
function answering(history: CredentialHistory, key: Key): { here: InGroup; evidence: readonly number[] } {
  if (!isTeam(key)) return { here: isHere(personOf(history, key)), evidence: personOf(history, key)?.employment.evidence ?? [] } // prettier-ignore
  const { anyHere: here = 'perhaps', evidence = [] } = history.teams[key] ?? {}
  return { here, evidence }
}
