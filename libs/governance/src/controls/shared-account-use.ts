import type { CredentialHistory } from '../history/credential-history.js'
import { grantedBy } from '../history/granted.js'
import { isShared, obtainedWithin, restingOn } from '../history/questions.js'
import { isAttributed, type Retrieval } from '../history/retrieval.js'
import { control, controlled, uncontrolled } from './control.js'

export const sharedAccountUse = control({
  id: 'shared-account-use',
  version: 2,
  title: 'Each use of a shared account meets six conditions',
  question:
    'Is each recent use prevented by default, limited in time, justified, approved, confirmed to be one identity’s, and attributable?',
  method:
    'Asked of shared credentials obtained within windowDays. Each retrieval is held against six conditions: a grant or approval was ' +
    'needed, had an end, said what for, came from another, one identity is confirmed, and its path shows how. Uncontrolled: a ' +
    'retrieval misses one. Controlled: none does.',
  requirements: ['R5.8'],
  severity: 'high',
  because: 'PCI DSS 8.2.2 allows shared accounts only under all six',
  parameters: { windowDays: { default: 30, unit: 'days', meaning: 'uses of so long ago still count' } },
  applies: (history, { windowDays }) => isShared(history) && obtainedWithin(history, windowDays).length > 0,
  test: (history, { windowDays }) => {
    const recent = obtainedWithin(history, windowDays)
    const failing = recent
      .map((use) => ({ use, failed: failedOf(sharedUse(history, use)) }))
      .filter(({ failed }) => failed.length > 0)
    if (failing.length === 0) return controlled('Each recent use meets all six conditions.')
    const conditions = [...new Set(failing.flatMap(({ failed }) => failed))]
    return uncontrolled(`${failing.length} of ${recent.length} recent uses were not ${conditions.join(', not ')}.`, restingOn(failing.map(({ use }) => use), windowDays)) // prettier-ignore
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
  readonly attributable: boolean
}

export function sharedUse(history: CredentialHistory, use: Retrieval): SharedUse {
  const { granted, grant: found } = grantedBy(history, use)
  const grant = granted === 'yes' ? found : undefined
  const seen = use.right.approvals.some(
    ({ decision, state }) => decision === 'approved' && state !== 'ambiguous' && state !== 'missing',
  )
  return {
    preventedByDefault: grant !== undefined || seen,
    limitedInTime: grant?.until !== undefined || use.end.at !== undefined,
    justified: grant?.scope !== undefined || seen,
    approved: (grant?.approvedBy !== undefined && grant.approvedBy !== grant.requestedBy) || seen,
    individualConfirmed: isAttributed(use),
    attributable: isAttributed(use) && use.path.state !== 'missing' && use.path.state !== 'ambiguous',
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

function failedOf(use: SharedUse): string[] {
  return (Object.keys(WORDS) as (keyof SharedUse)[]).filter((name) => !use[name]).map((name) => WORDS[name])
}
