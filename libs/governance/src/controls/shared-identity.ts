import { behind } from '../history/behind.js'
import { knownFrom } from '../history/looks-back.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { differentInDay } from '../history/in-day.js'
import { activeSince, counted, DAY_MS, named, obtained, restingOn, restingOnAccessors } from '../history/questions.js'
import type { Retrieval } from '../history/retrieval.js'
import { control, controlled, tooOften, uncontrolled } from './control.js'

export const sharedIdentity = control({
  id: 'shared-identity',
  version: 3,
  title: 'No identity stands for several actors',
  question: 'Was it obtained under an identity that many hold, or that is used from many places at once?',
  method:
    'Asked of credentials obtained within windowDays. Uncontrolled: it was obtained under an identity that several hold, that outlived its user, or ' +
    'that an operator joined to a person by hand; or one account of nobody in particular obtained it from more than placesMax addresses within ' +
    'a day. Unknown: such an account obtained it too often to look at each time. Controlled: each identity stands for one actor.',
  requirements: ['R1.6'],
  severity: 'high',
  because: 'behind a shared identity the actor is nobody in particular',
  parameters: {
    windowDays: { default: 90, unit: 'days', meaning: 'retrievals of so long ago still count' },
    placesMax: { default: 5, unit: 'count', meaning: 'addresses from which one account may obtain it within a day' },
  },
  applies: (history, { windowDays }) => activeSince(history, history.at - windowDays * DAY_MS).length > 0,
  test: (history, { windowDays, placesMax }) => {
    const active = activeSince(history, history.at - windowDays * DAY_MS)
    const shared = active.filter(
      ({ accessor, findings, caveats }) =>
        accessor.kind === 'shared' ||
        findings.includes('identity outlived its user') ||
        caveats.includes("operator's join"),
    )
    if (shared.length > 0) {
      const reason = `It was obtained under an identity that does not stand for one actor: ${named(shared.map(({ accessor }) => accessor.name))}.`
      return uncontrolled(reason, restingOnAccessors(shared, windowDays))
    }
    const spread = spreadUses(history, windowDays, placesMax)
    if (spread.length === 0 && mayBeSpread(history, windowDays))
      return tooOften(history, [knownFrom(history) + (windowDays + 1) * DAY_MS + 1])
    if (spread.length === 0) return controlled('Each recent actor has an identity of its own.')
    return uncontrolled(
      `One account obtained it from more than ${counted(placesMax, 'place')} within a day: ${named([...new Set(spread.map(({ accessor }) => accessor.name))])}.`,
      restingOn(spread, windowDays),
    )
  },
})

/** By an account behind which nobody in particular is known: runs of a pipeline have a place each, and each its own identity. */
function spreadUses(history: CredentialHistory, windowDays: number, placesMax: number): Retrieval[] {
  const all = obtained(history).filter(({ accessor }) => accessor.kind === 'unknown')
  const places = differentInDay(all, ({ address }) => address)
  return all.filter((one) => one.at >= history.at - windowDays * DAY_MS && (places.get(one) ?? 0) > placesMax)
}

function mayBeSpread(history: CredentialHistory, windowDays: number): boolean {
  const since = history.at - windowDays * DAY_MS
  return behind(history, since - DAY_MS).some(({ of }) => of.accessor.kind === 'unknown' && (of.lastAt ?? 0) >= since)
}
