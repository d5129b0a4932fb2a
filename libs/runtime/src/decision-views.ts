import { READ_VIEW, TOKEN_VIEW } from '@catena/callers'
import { findingView, sharingView, stewardshipView } from '@catena/governance'
import type { DecisionView } from '@catena/projections'
import { campaignView, itemView } from '@catena/recertification'
import { courseView } from '@catena/remediation'

/** Every view of decisions that the projector keeps. A new view is a line here. */
export const DECISION_VIEWS: readonly DecisionView[] = [
  stewardshipView,
  sharingView,
  findingView,
  TOKEN_VIEW,
  campaignView,
  itemView,
  courseView,
  READ_VIEW,
]
