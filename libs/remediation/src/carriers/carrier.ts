import type { Action, ActionName, OrderSlip } from '../action.js'

/** Carries out single actions at one system, with rights that were given for them. */
export interface Carrier {
  readonly id: string
  /** What it was allowed to do; everything else is handed over. */
  readonly allow: readonly ActionName[]
  /** How it was done, in words. The same again is harmless: what is gone already counts as done. Throws CarrierFailed. */
  carryOut(action: Action, signal: AbortSignal): Promise<string>
}

/** Takes orders for people or another system. */
export interface Receiver {
  readonly id: string
  /** Where it went, in words. Throws CarrierFailed. */
  handOver(slip: OrderSlip, signal: AbortSignal): Promise<string>
}

/** A system refused or did not answer. The message names status and system, never a secret. */
export class CarrierFailed extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CarrierFailed'
  }
}
