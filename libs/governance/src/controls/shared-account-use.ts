import { isOneActor } from '../history/accessor.js'
import { sightingsBehind, type Sighting } from '../history/behind.js'
import { knownFrom, looksBackTo } from '../history/looks-back.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { coverOf, grantedBy } from '../history/granted.js'
import { counted, DAY_MS, isShared, obtainedWithin, restingOn } from '../history/questions.js'
import { isApproved, isAttributed, type Retrieval } from '../history/retrieval.js'
import type { SharingGrant } from '../history/sharing-record.js'
import { control, controlled, tooOften, uncontrolled, unknown } from './control.js'

export const sharedAccountUse = control({
  id: 'shared-account-use',
  version: 5,
  title: 'Each use of a shared account meets six conditions',
  question:
    'Is each recent use prevented by default, limited in time, justified, approved, confirmed to be one identity’s, and attributable?',
  method:
    'Asked of shared credentials obtained within windowDays. Each retrieval is held against six conditions: a grant or approval was ' +
    'needed, had an end, said what for, came from another, one identity is confirmed, and a path leads to it, or each of several that it may have taken. Uncontrolled: a ' +
    'retrieval misses one. Unknown: each meets all if whoever obtained it was in the role that it was granted to then, or was the one of several ' +
    'whom it was granted to, or if what was obtained ended, and that is not on record; or there were too many to look at each. Controlled: none misses one. Who left a role since does not count.',
  requirements: ['R5.8'],
  severity: 'high',
  because: 'PCI DSS 8.2.2 allows shared accounts only under all six',
  parameters: { windowDays: { default: 30, unit: 'days', meaning: 'uses of so long ago still count' } },
  applies: (history, { windowDays }) => isShared(history) && obtainedWithin(history, windowDays).length > 0,
  test: (history, { windowDays }) => {
    const recent = obtainedWithin(history, windowDays)
    const judged = recent.map((use) => ({ use, ...failedOf(history, use) }))
    const since = history.at - windowDays * DAY_MS
    const unseen = sightingsBehind(history, since).map((use) => ({ use, failed: surelyMissedIn(history, use) }))
    const failing = [...judged, ...unseen].filter(({ failed }) => failed.length > 0)
    const open = judged.filter(({ isOpen }) => isOpen).map(({ use }) => use)
    if (failing.length === 0 && open.length > 0)
      return unknown(
        `Whether ${counted(open.length, 'recent use')} met all six conditions is not known: who was in the role that it is granted to then, or whether what was obtained ended, is not on record.`,
        restingOn(open, windowDays),
      )
    if (failing.length === 0 && !looksBackTo(history, since))
      return tooOften(history, [knownFrom(history) + windowDays * DAY_MS + 1])
    if (failing.length === 0) return controlled('Each recent use meets all six conditions.')
    const conditions = [...new Set(failing.flatMap(({ failed }) => failed))]
    return uncontrolled(`${failing.length} of ${recent.length + unseen.length} recent uses were not ${conditions.join(', not ')}.`, restingOn(failing.map(({ use }) => use), windowDays)) // prettier-ignore
  },
})

/** The six verdicts of PCI DSS 8.2.2 on one use. */
export interface SharedUse {
  /** A grant was needed: none stands for ever. */
  readonly preventedByDefault: boolean
  readonly limitedInTime: boolean
  /** The grant says what it is for. */
  readonly justified: boolean
  readonly approved: boolean
  readonly individualConfirmed: boolean
  /** A path leads to that identity; or each of several that it may have taken does, for else nobody would be known. */
  readonly attributable: boolean
}

/** As far as it is known; by the grant that meets most of them. */
export function sharedUse(history: CredentialHistory, use: Retrieval): SharedUse {
  return best(coverOf(history, use).sure, use, isEnded(use))
}

function best(grants: readonly SharingGrant[], use: Retrieval, ended: boolean): SharedUse {
  const all = [undefined, ...grants].map((grant) => underGrant(grant, use, ended))
  return all.reduce((a, b) => (missedIn(b).length < missedIn(a).length ? b : a))
}

/** For certain: an end that perhaps was limits nothing. */
function isEnded({ end }: Retrieval): boolean {
  return end.at !== undefined && end.state !== 'ambiguous'
}

function underGrant(grant: SharingGrant | undefined, use: Retrieval, ended: boolean): SharedUse {
  const seen = isApproved(use)
  return {
    preventedByDefault: grant !== undefined || seen,
    limitedInTime: grant?.until !== undefined || ended,
    justified: grant?.scope !== undefined || seen,
    approved: (grant?.approvedBy !== undefined && grant.approvedBy !== grant.requestedBy) || seen,
    individualConfirmed: isAttributed(use),
    attributable: isAttributed(use) && use.path.state !== 'missing',
  }
}

const WORDS: Readonly<Record<keyof SharedUse, string>> = {
  preventedByDefault: 'prevented by default',
  limitedInTime: 'limited in time',
  justified: 'justified',
  approved: 'approved',
  individualConfirmed: 'confirmed to be one identity’s',
  attributable: 'attributable',
}

/** What it misses for certain; `isOpen`: nothing, if a grant that may cover it does, and what perhaps ended did. */
function failedOf(history: CredentialHistory, use: Retrieval): { readonly failed: string[]; readonly isOpen: boolean } {
  const { sure, possible } = coverOf(history, use)
  const known = missedIn(best(sure, use, isEnded(use)))
  const failed = missedIn(best([...sure, ...possible], use, use.end.at !== undefined))
  return { failed, isOpen: failed.length === 0 && known.length > 0 }
}

/** Of one that is not looked at: without any grant and approval, or by nobody in particular, it misses these whatever else it meets. */
function surelyMissedIn(history: CredentialHistory, use: Sighting): string[] {
  const isBare = use.of.approved === 0 && grantedBy(history, use) === 'no'
  return [
    ...(isBare ? [WORDS.preventedByDefault, WORDS.justified, WORDS.approved] : []),
    ...(isOneActor(use.accessor) ? [] : [WORDS.individualConfirmed, WORDS.attributable]),
  ]
}

function missedIn(use: SharedUse): string[] {
  return (Object.keys(WORDS) as (keyof SharedUse)[]).filter((name) => !use[name]).map((name) => WORDS[name])
}
