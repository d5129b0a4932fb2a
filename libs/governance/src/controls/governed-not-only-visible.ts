import { control, controlled, uncontrolled } from './control.js'

export const governedNotOnlyVisible = control({
  id: 'governed-not-only-visible',
  version: 1,
  title: 'Visible is not governed',
  question: 'Is more known of it than that it lies in a vault: owner, purpose, and by which rule it is shared?',
  method:
    'Asked of every credential. Controlled: an owner, a purpose and an environment are on record. Uncontrolled: one of them is not, ' +
    'however well its use is recorded.',
  requirements: ['R5.3'],
  severity: 'low',
  because: 'a secret that lies in a vault and is described by nobody is only stored there',
  parameters: {},
  applies: () => true,
  test: ({ owner, stewardship: { declared } }) => {
    const missing = [
      owner === undefined ? 'owner' : undefined,
      declared.purpose === undefined ? 'purpose' : undefined,
      declared.environment === undefined ? 'environment' : undefined,
    ]
    const named = missing.filter((part) => part !== undefined)
    if (named.length > 0) return uncontrolled(`It is visible and not governed: no ${named.join(', no ')} is on record.`)
    return controlled('Owner, purpose and environment are on record.')
  },
})
