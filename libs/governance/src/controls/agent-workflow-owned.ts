import { merged } from '../history/questions.js'
import { saysSomething } from '../history/sharing-record.js'
import { control, controlled, uncontrolled } from './control.js'
import { dueAt } from './exceptions.js'

export const agentWorkflowOwned = control({
  id: 'agent-workflow-owned',
  version: 2,
  title: 'AI-enabled workflows are owned and watched',
  question: 'Has each AI-enabled workflow an owner, live monitoring and an escalation path?',
  method:
    'Asked of credentials that an AI-enabled workflow shares. Controlled: each names an owner and an escalation path that is not empty, and an alert ' +
    'was heard in its time. Uncontrolled: one of them lacks.',
  requirements: ['R9.3'],
  severity: 'high',
  because: 'an agent acts faster than people look, so somebody must be told',
  parameters: {},
  applies: ({ sharing }) => sharing.workflows.some(({ aiEnabled }) => aiEnabled),
  test: ({ sharing, at }) => {
    const workflows = sharing.workflows.filter(({ aiEnabled }) => aiEnabled)
    const witnesses = merged(workflows.map(({ positions }) => positions))
    const watchedUntil = Math.max(-Infinity, ...sharing.alerts.map(dueAt))
    const lacking = [
      workflows.every(({ owner }) => owner !== undefined) ? undefined : 'owner',
      watchedUntil > at ? undefined : 'live monitoring',
      workflows.every(({ escalation }) => saysSomething(escalation)) ? undefined : 'escalation path',
    ].filter((part) => part !== undefined)
    if (lacking.length > 0)
      return uncontrolled(`An AI-enabled workflow has no ${lacking.join(', no ')}.`, { witnesses })
    return controlled('Each AI-enabled workflow is owned and watched.', { witnesses, validUntil: watchedUntil })
  },
})
