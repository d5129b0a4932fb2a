import { merged } from '../history/questions.js'
import { saysSomething, type SharingWorkflow } from '../history/sharing-record.js'
import { control, controlled, uncontrolled } from './control.js'

export const workflowComplete = control({
  id: 'workflow-complete',
  version: 2,
  title: 'A sharing workflow has all its parts',
  question: 'Does each workflow that shares it name owner, approver, window, log and replacement path?',
  method:
    'Asked of credentials that a sharing workflow names. Uncontrolled: one names no owner, group or pipeline, approver, access ' +
    'window, logging destination or forced replacement path, or an empty one. Controlled: each names all.',
  requirements: ['R3.12'],
  severity: 'medium',
  because: 'a part that nobody named is a step that nobody takes',
  parameters: {},
  applies: ({ sharing }) => sharing.workflows.length > 0,
  test: ({ sharing }) => {
    const missing = sharing.workflows
      .map((workflow) => ({ workflow, parts: missingParts(workflow) }))
      .filter(({ parts }) => parts.length > 0)
    const [first] = missing
    if (first === undefined) return controlled('Each workflow names all its parts.')
    return uncontrolled(`The workflow ${first.workflow.name} names no ${first.parts.join(', no ')}.`, {
      witnesses: merged(missing.map(({ workflow }) => workflow.positions)),
    })
  },
})

function missingParts({
  owner,
  sharedWith,
  approver,
  windowMs,
  loggingDestination,
  replacementPath,
}: SharingWorkflow): string[] {
  const parts = {
    owner,
    'group or pipeline': sharedWith,
    approver,
    'access window': windowMs,
    'logging destination': loggingDestination,
    'forced replacement path': replacementPath,
  }
  return Object.entries(parts).flatMap(([name, part]) => (saysSomething(part) ? [] : [name]))
}
