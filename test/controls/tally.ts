import { CONTROLS } from '@catena/governance'
import { faultOf, isGrave, type Case, type Fault, type Said } from './case.js'

interface Count {
  planted: number
  found: number
  twins: number
  silent: number
  /** Credentials of clean organisations to which the control applied, and those of them that it called uncontrolled. */
  asked: number
  alarms: number
}

/** How what controls say compares with what was planted, by control. */
export class Tally {
  readonly faults = new Map<Fault, number>()
  /** In words. */
  readonly examples: string[] = []
  private readonly counts = new Map<string, Count>()

  add(seed: number, one: Case, answers: readonly Said[]): void {
    const fault = faultOf(one, answers)
    const count = this.of(one.control)
    if (one.isTwin) count.twins++
    else count.planted++
    if (fault === undefined && one.isTwin) count.silent++
    if (fault === undefined && !one.isTwin) count.found++
    if (fault === undefined) return
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1)
    const said = answers.map((answer) => (answer === undefined ? 'does not apply' : `${answer.verdict} (${answer.reason})`)) // prettier-ignore
    this.examples.push(`seed ${seed}: ${one.incident}: ${one.control}: ${fault}: ${said.join('; ')}`)
  }

  /** One credential of a clean organisation, at several moments. */
  addClean(seed: number, control: string, credential: string, answers: readonly Said[]): void {
    if (answers.every((said) => said === undefined)) return
    const alarm = answers.find((said) => said?.verdict === 'uncontrolled')
    const count = this.of(control)
    count.asked++
    if (alarm === undefined) return
    count.alarms++
    if (count.alarms <= 3) this.examples.push(`seed ${seed}: ${credential}: ${control}: false alarm: ${alarm.reason}`)
  }

  of(control: string): Count {
    const count = this.counts.get(control) ?? { planted: 0, found: 0, twins: 0, silent: 0, asked: 0, alarms: 0 }
    this.counts.set(control, count)
    return count
  }

  /** Alarms of grave controls where nothing is wrong. */
  get graveAlarms(): number {
    return CONTROLS.filter(isGrave).reduce((sum, { id }) => sum + this.of(id).alarms, 0)
  }

  /** Everything planted was found by its cause, every twin left in peace, and nothing grave said of a clean organisation. */
  get holds(): boolean {
    return this.faults.size === 0 && this.graveAlarms === 0
  }

  table(): string {
    const head = `  ${'control'.padEnd(28)} ${'severity'.padEnd(9)} ${'found'.padStart(9)} ${'silent'.padStart(9)} ${'false alarms'.padStart(14)}` // prettier-ignore
    const rows = CONTROLS.map(({ id, severity, neverFails }) => {
      const { planted, found, twins, silent, asked, alarms } = this.of(id)
      return `  ${id.padEnd(28)} ${severity.padEnd(9)} ${(neverFails === undefined ? `${found}/${planted}` : 'never').padStart(9)} ${(neverFails === undefined ? `${silent}/${twins}` : 'fails').padStart(9)} ${`${alarms}/${asked}`.padStart(14)}` // prettier-ignore
    })
    return [head, ...rows].join('\n')
  }
}
