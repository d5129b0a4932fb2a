import { CONTROLS } from '@catena/governance'
import { INCIDENTS } from '@catena/simulation'
import { describe, expect, it } from '@jest/globals'

describe('the catalogue of incidents beside the controls', () => {
  it.each(INCIDENTS.map(({ kind, breaks }) => [kind, breaks] as const))(
    'names controls that there are: %s',
    (_, breaks) => {
      expect(breaks.length).toBeGreaterThan(0)
      expect(breaks.filter((id) => !CONTROLS.some((control) => control.id === id))).toEqual([])
    },
  )

  it('R5.1 has a way to break every control that can fail', () => {
    const broken = new Set(INCIDENTS.flatMap(({ breaks }) => breaks))
    expect(CONTROLS.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual(
      CONTROLS.filter(({ neverFails }) => neverFails !== undefined).map(({ id }) => id),
    )
  })
})
