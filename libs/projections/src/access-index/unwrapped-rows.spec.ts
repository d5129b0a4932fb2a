import { form, makeKey, type Activity, type Key, type KeyForm } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { uuidOf } from './identity.js'
import { unwrappedRows, type Edge } from './unwrapped-rows.js'

const nameOf = (name: string): Key => makeKey('vault-token', 'v-1', name)

function fact(factId: string, position: number, more: Partial<Activity>): Activity {
  const occurredAt = position * 1_000
  return { factId, kind: 'response-unwrapped', outcome: 'succeeded', source: 'vault', type: '', resolutionMs: 0, occurredAt, conflicts: [], attributes: {}, groups: [], positions: [position], ...more }
} // prettier-ignore

const shownAt = (name: string, position: number): KeyForm => ({ ...form(nameOf(name)), position })

function wrapped(position: number, name: string, path: string): Activity {
  const groups = [
    { role: 'wrapping', verb: 'establishes', trust: 'verified', forms: [shownAt(name, position)] },
  ] as const
  const target = { system: 'vault/v-1', container: 'kv_1', containerName: 'secret/', path }
  return fact(`wrapped ${position}`, position, { kind: 'secret-read', groups, target })
}

function unwrapping(position: number, name: string): { fact: string; activity: Activity } {
  const groups = [{ role: 'opened', verb: 'presents', trust: 'verified', forms: [shownAt(name, position)] }] as const
  const id = `unwrapped ${position}`
  return { fact: uuidOf(id), activity: fact(id, position, { groups }) }
}

const edge = (a: string, b: string, position: number): Edge => ({ a: nameOf(a), b: nameOf(b), position })

const COUNT = 3_000

describe('what is written of unwrappings', () => {
  it('R7.1 is soon worked out where thousands open what thousands made, under as many names', () => {
    const makers = Array.from({ length: COUNT }, (_, n) => wrapped(1 + n, `name ${n}`, `p${n}`))
    const edges = Array.from({ length: COUNT }, (_, n) => edge('one', `name ${(n * 7) % COUNT}`, 2 * COUNT + n))
    const all = Array.from({ length: COUNT }, (_, n) => unwrapping(4 * COUNT + n, `name ${n}`))
    const begun = Date.now()
    const rows = unwrappedRows(all, { makers, edges })
    expect(Date.now() - begun).toBeLessThan(10_000)
    expect(rows.length).toBe(COUNT * 16)
    expect(new Set(rows.slice(0, 16).map(({ slot }) => slot)).size).toBe(16)
  })

  it('R1.4 R1.10 is at each position what the earliest known then tell, be they joined to it last', () => {
    const makers = Array.from({ length: 20 }, (_, n) => wrapped(10 + n, 'late', `late${n}`))
    const early = [wrapped(2, 'early', 'early')]
    const opened = unwrapping(40, 'late')
    const rows = unwrappedRows([opened], { makers: [...makers, ...early], edges: [edge('late', 'early', 50)] })
    const at = (position: number) => rows.filter(({ firstPosition, untilPosition = Infinity }) => firstPosition <= position && position < untilPosition) // prettier-ignore
    const [before, after] = [at(40), at(50)]
    expect([before.length, after.length]).toEqual([16, 16])
    const slots = new Set(before.map(({ slot }) => slot))
    expect(after.filter(({ slot }) => !slots.has(slot)).length).toBe(1)
  })
})
