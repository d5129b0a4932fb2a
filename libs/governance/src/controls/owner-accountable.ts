import { hasLeft, isPerson, isTeam, personOf } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const ownerAccountable = control({
  id: 'owner-accountable',
  version: 1,
  title: 'Exactly one accountable owner',
  question: 'Does somebody who is still here answer for it?',
  method:
    'Asked of every credential. Controlled: its owner is a team, a person whom a directory knows as being here, or a program with a ' +
    'sponsor. Uncontrolled: there is no owner, the person left or is locked out, or the program has no sponsor. Unknown: no directory ' +
    'tells of the person.',
  requirements: ['R2.2'],
  severity: 'high',
  because: 'a credential nobody answers for is never rotated, reviewed or revoked',
  parameters: {},
  applies: () => true,
  test: (history) => {
    const { owner } = history
    if (owner === undefined) return uncontrolled('Nobody owns it.')
    if (isTeam(owner.key)) return controlled(`${owner.name} (a team) answers for it.`)
    if (!isPerson(owner.key)) return ofWorkload(history.sponsors[owner.key]?.length ?? 0, owner.name)
    const person = personOf(history, owner.key)
    const witnesses = person?.employment.evidence ?? []
    if (person === undefined || person.employment.state === 'unknown')
      return unknown(`No directory says whether its owner ${owner.name} is still here.`, { witnesses })
    if (hasLeft(person))
      return uncontrolled(`Its owner ${owner.name} is not here any more (${person.employment.state}).`, { witnesses })
    return controlled(`${owner.name} answers for it.`, { witnesses })
  },
})

function ofWorkload(sponsors: number, name: string) {
  return sponsors === 0
    ? uncontrolled(`Its owner ${name} is a program for which nobody answers.`)
    : controlled(`${name} answers for it, and somebody answers for ${name}.`)
}
