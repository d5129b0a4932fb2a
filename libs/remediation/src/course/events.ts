import type { Step } from '../plan.js'

interface Event<Type extends string, Data> {
  readonly type: Type
  readonly data: Data & { readonly order: string; readonly item: string; readonly campaign: string }
}

/** The course of one remediation order: what was planned, held, released, tried and handed over. What the item makes of it stands in the item's stream. */
export type CourseEvent =
  | Event<'RemediationPlanned', { steps: readonly Step[]; endsTheRight: boolean; shortfalls: readonly string[] }>
  /** Something beyond the access would end: it waits for a person. */
  | Event<'RemediationHeld', { touches: readonly string[] }>
  | Event<'RemediationReleased', { reason: string }>
  | Event<'RemediationStepDone', { step: number; how: string }>
  | Event<'RemediationStepFailed', { step: number; why: string }>
  | Event<'RemediationHandedOver', { to: string; how: string; why: string }>
  | Event<'RemediationHandOverFailed', { to: string; why: string }>
  /** Nothing more is to be done here: the rest is with people, or with the ledger that proves it. */
  | Event<'RemediationSettled', { how: string }>
export type CourseEventType = CourseEvent['type']
