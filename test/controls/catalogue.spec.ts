import { CONTROLS } from '@catena/governance'
import { INCIDENTS } from '@catena/simulation'
import { describe, expect, it } from '@jest/globals'

/** Controls that nothing planted breaks yet. */
const UNBROKEN: readonly string[] = [
  'identity-attribution',
  'owner-accountable',
  'owner-attested',
  'shared-private-key',
  'insecure-location',
  'extraction-known',
  'role-based',
  'exception-sound',
  'release-key-rotated',
  'insecure-sharing',
  'workflow-complete',
  'revocation-silent',
  'governed-not-only-visible',
  'long-lived-guarded',
  'agent-boundary',
  'agent-workflow-owned',
]

describe('the catalogue of incidents beside the controls', () => {
  it.each(INCIDENTS.map(({ kind, breaks }) => [kind, breaks] as const))(
    'names controls that there are: %s',
    (_, breaks) => {
      expect(breaks.length).toBeGreaterThan(0)
      expect(breaks.filter((id) => !CONTROLS.some((control) => control.id === id))).toEqual([])
    },
  )

  it('R5.1 has a way to break every control', () => {
    const broken = new Set(INCIDENTS.flatMap(({ breaks }) => breaks))
    expect(CONTROLS.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual(UNBROKEN)
  })
})
