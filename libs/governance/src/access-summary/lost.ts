import { issuerScope, type Activity, type Instant, type SourceInstance } from '@catena/domain'

/** When a system recorded what was not interpreted: whatever was placed by a window over that moment may have missed something. */
export interface Lost {
  readonly system: string
  /** Those that record the system. */
  readonly sources: readonly string[]
  readonly from: Instant
  readonly to: Instant
}

/** By system. */
export function lostIn(activities: readonly Activity[], sources: readonly SourceInstance[]): Lost[] {
  const lost = new Map<string, Lost>()
  for (const { kind, source, occurredAt } of activities) {
    const instance = kind === 'not-interpreted' ? sources.find(({ id }) => id === source) : undefined
    if (instance === undefined) continue
    const system = issuerScope(instance.kind, instance.scope)
    const known = lost.get(system)
    const own = sources.filter((one) => issuerScope(one.kind, one.scope) === system).map(({ id }) => id)
    const [from, to] = [known?.from ?? occurredAt, known?.to ?? occurredAt]
    lost.set(system, { system, sources: own, from: Math.min(from, occurredAt), to: Math.max(to, occurredAt) })
  }
  return [...lost.values()]
}
