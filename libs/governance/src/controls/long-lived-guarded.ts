import { DAY_MS, isDynamic, isShared, lastRotation } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'
import { dueAt } from './exceptions.js'
import { recertifiedIn } from './recertified.js'

export const longLivedGuarded = control({
  id: 'long-lived-guarded',
  version: 2,
  title: 'Long-lived shared secrets are guarded',
  question: 'Has a long-lived shared secret an audit trail, live anomaly alerts and a recent recertification?',
  method:
    'Asked of static secrets that several have and that were not changed for longLivedDays. Controlled: a source tells of its store, an alert was heard ' +
    'in its time, and a campaign reviewed everybody who obtained the secret since its last change: the answer is at most recertifyDays old, stands ' +
    'against what became known later, and what reviewers took away is shown to be gone or not yet due. Who joined after the others were reviewed has ' +
    'as long as they had. Uncontrolled: a guard is missing, a campaign asked and nobody answered, or its answer lapsed or was contradicted. Unknown: ' +
    'trail and alert are there, and no campaign has asked, or one still asks. Recertification outside of Catena leaves no record here: it is neither ' +
    'counted nor held against anybody.',
  requirements: ['R5.4', 'R5.11'],
  severity: 'high',
  because: 'a long-lived shared secret is weaker by default',
  parameters: {
    longLivedDays: { default: 30, unit: 'days', meaning: 'from this age a secret is long-lived' },
    recertifyDays: { default: 180, unit: 'days', meaning: 'a review counts for so long' },
  },
  applies: (history, { longLivedDays }) =>
    isDynamic(history) === false &&
    isShared(history) &&
    history.at - (lastRotation(history)?.at ?? history.firstSeenAt ?? history.at) >= longLivedDays * DAY_MS,
  test: (history, { recertifyDays }) => {
    const { sharing, sources, at } = history
    const { failed, unknown: open, until, witnesses } = recertifiedIn(history, recertifyDays)
    const alertsUntil = Math.max(-Infinity, ...sharing.alerts.map(dueAt))
    const lacking = [
      sources.some(({ coverage }) => coverage !== undefined) ? undefined : 'without audit trail',
      alertsUntil > at ? undefined : 'without live anomaly alert',
      failed === undefined ? undefined : `without recent recertification: ${failed}`,
    ].filter((part) => part !== undefined)
    if (lacking.length > 0) return uncontrolled(`A long-lived shared secret ${lacking.join(', ')}.`, { witnesses })
    const validUntil = Math.min(until, alertsUntil)
    if (open !== undefined)
      return unknown(`Trail and alerts are there; whether it is recertified is not known: ${open}.`, { witnesses, validUntil })
    return controlled('Audit trail, alerts and recertification guard it.', { witnesses, validUntil })
  },
}) // prettier-ignore
