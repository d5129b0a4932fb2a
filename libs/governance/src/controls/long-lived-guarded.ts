import { DAY_MS, isDynamic, isShared, lastRotation } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'
import { dueAt } from './exceptions.js'

export const longLivedGuarded = control({
  id: 'long-lived-guarded',
  version: 1,
  title: 'Long-lived shared secrets are guarded',
  question: 'Has a long-lived shared secret an audit trail, live anomaly alerts and a recent recertification?',
  requirements: ['R5.4', 'R5.11'],
  severity: 'high',
  because: 'a long-lived shared secret is weaker by default',
  parameters: {
    longLivedDays: { default: 30, unit: 'days', meaning: 'from this age a secret is long-lived' },
    recertifyDays: { default: 180, unit: 'days', meaning: 'a certification counts for so long' },
  },
  applies: (history, { longLivedDays }) =>
    isDynamic(history) === false &&
    isShared(history) &&
    history.at - (lastRotation(history)?.at ?? history.firstSeenAt ?? history.at) >= longLivedDays * DAY_MS,
  test: ({ sharing, sources, at }, { recertifyDays }) => {
    const certifiedUntil = sharing.certified === undefined ? -Infinity : sharing.certified.at + recertifyDays * DAY_MS
    const alertsUntil = Math.max(-Infinity, ...sharing.alerts.map(dueAt))
    const lacking = [
      sources.some(({ coverage }) => coverage !== undefined) ? undefined : 'audit trail',
      alertsUntil > at ? undefined : 'live anomaly alert',
      certifiedUntil > at ? undefined : 'recent recertification',
    ].filter((part) => part !== undefined)
    if (lacking.length > 0) return uncontrolled(`A long-lived shared secret without ${lacking.join(', without ')}.`)
    return controlled('Audit trail, alerts and recertification guard it.', {
      witnesses: sharing.certified?.positions ?? [],
      validUntil: Math.min(certifiedUntil, alertsUntil),
    })
  },
})
