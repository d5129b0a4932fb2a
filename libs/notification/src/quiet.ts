import type { Instant } from '@catena/domain'
import type { CampaignState } from '@catena/recertification'

/** Who is given work otherwise than by a launch, a reminder or a step of the ladder hears of it within so long. */
export const QUIET_MS = 10 * 60_000

type Active = Extract<CampaignState, { readonly status: 'active' }>

/**
 * Campaigns of which everybody had heard when it was last looked: until an occasion comes nobody counts their open work again. Kept in memory; a
 * process that begins looks at all of them once.
 */
export class Quiet {
  private readonly seen = new Map<string, { readonly what: string; readonly until: Instant }>()

  holds(state: Active, now: Instant): boolean {
    const seen = this.seen.get(state.id)
    return seen !== undefined && seen.what === whatOf(state) && now < seen.until
  }

  note(state: Active, now: Instant): void {
    this.seen.set(state.id, { what: whatOf(state), until: now + QUIET_MS })
  }
}

/** Whatever gives somebody an occasion, or somebody new an item. */
function whatOf({ stage, reminders, supplements }: Active): string {
  return `${stage} ${reminders.join()} ${supplements.length}`
}
