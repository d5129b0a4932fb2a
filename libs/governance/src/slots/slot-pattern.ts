/** Where a credential lies, by the names that people know. */
export interface Slot {
  /** `<kind>/<scope>`, e.g. `vault/prod-1`. */
  readonly system: string
  /** Name of its container, e.g. the mount `secret/`. */
  readonly container?: string | undefined
  readonly path: string
}

/**
 * Slots that a rule speaks of. In `path`, `*` stands for any part of one step and `**` for any number of steps; it is matched against container
 * and path together, e.g. `secret/payments/**`. Systems are compared exactly.
 */
export interface SlotPattern {
  readonly system?: string
  readonly path: string
}

export function nameOfSlot({ container, path }: Pick<Slot, 'container' | 'path'>): string {
  return `${container ?? ''}${path}`
}

export function matchesSlot(pattern: SlotPattern, slot: Slot): boolean {
  if (pattern.system !== undefined && pattern.system !== slot.system) return false
  return matchesSteps(stepsOf(pattern.path), stepsOf(nameOfSlot(slot)))
}

/** Of two patterns that match, the one with more literal text says more. */
export function specificityOf(pattern: SlotPattern): number {
  return pattern.path.replaceAll('*', '').length + (pattern.system === undefined ? 0 : 0.5)
}

function stepsOf(path: string): string[] {
  return path.split('/').filter((step) => step !== '')
}

/** Which steps of the pattern can stand before each step of the path: linear memory, never exponential. */
function matchesSteps(pattern: readonly string[], path: readonly string[]): boolean {
  let reached = skipAny(pattern, new Set([0]))
  for (const step of path) {
    const next = new Set<number>()
    for (const index of reached) {
      const wanted = pattern[index]
      if (wanted === '**') next.add(index)
      else if (wanted !== undefined && matchesStep(wanted, step)) next.add(index + 1)
    }
    reached = skipAny(pattern, next)
  }
  return reached.has(pattern.length)
}

/** `**` may stand for nothing. */
function skipAny(pattern: readonly string[], reached: ReadonlySet<number>): Set<number> {
  const all = new Set(reached)
  for (const index of all) if (pattern[index] === '**') all.add(index + 1)
  return all
}

function matchesStep(wanted: string, step: string): boolean {
  const [head = '', ...rest] = wanted.split('*')
  if (rest.length === 0) return wanted === step
  if (!step.startsWith(head)) return false
  let from = head.length
  const tail = rest.pop() ?? ''
  for (const part of rest) {
    const at = step.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return step.length - tail.length >= from && step.endsWith(tail)
}
