import type { Action, ActionName, OrderSlip } from '../action.js'

/** Carries out single actions at one system, with rights that were given for them. */
export interface Carrier {
  readonly id: string
  /** What it was allowed to do; everything else is handed over. */
  readonly allow: readonly ActionName[]
  /** How it was done, in words. The same again is harmless: what is gone already counts as done. Throws OutsideFailed. */
  carryOut(action: Action, signal: AbortSignal): Promise<string>
}

/** Takes orders for people or another system. */
export interface Receiver {
  readonly id: string
  /** Where it went, in words. Throws OutsideFailed. */
  handOver(slip: OrderSlip, signal: AbortSignal): Promise<string>
}
