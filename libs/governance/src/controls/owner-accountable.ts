import type { CredentialHistory, PersonRecord } from '../history/credential-history.js'
import { hasLeft, isPerson, isTeam, merged, personOf } from '../history/questions.js'
import type { Owner } from '../ownership/rules.js'
import { control, controlled, uncontrolled, unknown, type Judgement } from './control.js'

export const ownerAccountable = control({
  id: 'owner-accountable',
  version: 2,
  title: 'Exactly one accountable owner',
  question: 'Does somebody who is still here answer for it?',
  method:
    'Asked of every credential. Controlled: its owner is a team, a person whom a directory knows as being here, or a program with a ' +
    'sponsor who is. Uncontrolled: there is no owner, the person left or is locked out, or the program has no sponsor, or only such as left. Unknown: ' +
    'no directory tells of the person, or of a sponsor.',
  requirements: ['R2.2'],
  severity: 'high',
  because: 'a credential nobody answers for is never rotated, reviewed or revoked',
  parameters: {},
  applies: () => true,
  test: (history) => {
    const { owner } = history
    if (owner === undefined) return uncontrolled('Nobody owns it.')
    if (isTeam(owner.key)) return controlled(`${owner.name} (a team) answers for it.`)
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

function ofWorkload(history: CredentialHistory, { key, name }: Owner): Judgement {
  const sponsors = history.sponsors[key] ?? []
  if (sponsors.length === 0) return uncontrolled(`Its owner ${name} is a program for which nobody answers.`)
  const people = sponsors.map(({ sponsor }) => personOf(history, sponsor))
  const witnesses = merged(
    [...sponsors, ...people.flatMap((person) => person?.employment ?? [])].map(({ evidence }) => evidence),
  )
  // A team answers as a team.
  const isSure = sponsors.some(({ sponsor }, index) => isTeam(sponsor) || isHere(people[index]))
  if (isSure) return controlled(`${name} answers for it, and somebody answers for ${name}.`, { witnesses })
  if (people.every(hasLeft))
    return uncontrolled(`Its owner ${name} is a program, and all who answered for it are not here any more.`, {
      witnesses,
    })
  return unknown(`No directory says whether anybody who answers for its owner ${name} is still here.`, { witnesses })
}

function isHere(person: PersonRecord | undefined): boolean {
  return person !== undefined && person.employment.state !== 'unknown' && !hasLeft(person)
}
