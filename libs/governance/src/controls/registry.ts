import type { Control } from './control.js'
import { accessFit } from './access-fit.js'
import { agentBoundary } from './agent-boundary.js'
import { agentIdentity } from './agent-identity.js'
import { agentWorkflowOwned } from './agent-workflow-owned.js'
import { borrowedIdentity } from './borrowed-identity.js'
import { breakGlassClosed } from './break-glass-closed.js'
import { environmentsApart } from './environments-apart.js'
import { exceptionSound } from './exception-sound.js'
import { exposureAnswered } from './exposure-answered.js'
import { extractionKnown } from './extraction-known.js'
import { governedNotOnlyVisible } from './governed-not-only-visible.js'
import { grantEnds } from './grant-ends.js'
import { humanUseOfWorkload } from './human-use-of-workload.js'
import { identityAttribution } from './identity-attribution.js'
import { incidentTokenDead } from './incident-token-dead.js'
import { insecureLocation } from './insecure-location.js'
import { insecureSharing } from './insecure-sharing.js'
import { issuanceLimited } from './issuance-limited.js'
import { jobTokenRevoked } from './job-token-revoked.js'
import { leaverRevoked } from './leaver-revoked.js'
import { longLivedGuarded } from './long-lived-guarded.js'
import { migrationCutover } from './migration-cutover.js'
import { ownerAccountable } from './owner-accountable.js'
import { ownerAttested } from './owner-attested.js'
import { releaseKeyRotated } from './release-key-rotated.js'
import { requestApproved } from './request-approved.js'
import { requesterNotApprover } from './requester-not-approver.js'
import { residualCopies } from './residual-copies.js'
import { revocationSilent } from './revocation-silent.js'
import { roleBased } from './role-based.js'
import { rotationAge } from './rotation-age.js'
import { sharedAccountUse } from './shared-account-use.js'
import { sharedIdentity } from './shared-identity.js'
import { sharedPrivateKey } from './shared-private-key.js'
import { sourceAlive } from './source-alive.js'
import { stillUsed } from './still-used.js'
import { taskContext } from './task-context.js'
import { tornDownEnded } from './torn-down-ended.js'
import { usedAfterEnd } from './used-after-end.js'
import { workflowComplete } from './workflow-complete.js'

/** All controls, in the order of their requirements. Adding one is a file and a line. */
export const CONTROLS: readonly Control[] = [
  identityAttribution,
  sharedIdentity,
  borrowedIdentity,
  humanUseOfWorkload,
  taskContext,
  accessFit,
  ownerAccountable,
  ownerAttested,
  rotationAge,
  stillUsed,
  residualCopies,
  sharedPrivateKey,
  insecureLocation,
  extractionKnown,
  sourceAlive,
  requestApproved,
  requesterNotApprover,
  grantEnds,
  issuanceLimited,
  roleBased,
  breakGlassClosed,
  incidentTokenDead,
  migrationCutover,
  exceptionSound,
  releaseKeyRotated,
  jobTokenRevoked,
  exposureAnswered,
  insecureSharing,
  workflowComplete,
  environmentsApart,
  tornDownEnded,
  leaverRevoked,
  revocationSilent,
  usedAfterEnd,
  governedNotOnlyVisible,
  longLivedGuarded,
  sharedAccountUse,
  agentIdentity,
  agentBoundary,
  agentWorkflowOwned,
]
