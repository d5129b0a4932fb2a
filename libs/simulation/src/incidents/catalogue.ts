import { accountOfNobody } from './account-of-nobody.js'
import { agentOnHumanAccount } from './agent-on-human-account.js'
import { agentsUnwatched } from './agents-unwatched.js'
import { approvalByRequester } from './approval-by-requester.js'
import { borrowedHumanIdentity } from './borrowed-human-identity.js'
import { boundaryUnconfirmed } from './boundary-unconfirmed.js'
import { breakGlassUnreviewed } from './break-glass-unreviewed.js'
import { compensationSilent } from './compensation-silent.js'
import { copyInTheOpen } from './copy-in-the-open.js'
import { disabledJobToken } from './disabled-job-token.js'
import { dormantCredential } from './dormant-credential.js'
import { environmentLeftBehind } from './environment-left-behind.js'
import { exposedNotRotated } from './exposed-not-rotated.js'
import { fleetOnOneAccount } from './fleet-on-one-account.js'
import { grantedOneByOne } from './granted-one-by-one.js'
import { humanOnWorkloadCredential } from './human-on-workload-credential.js'
import type { Incident } from './incident.js'
import { leaseWithoutEnd } from './lease-without-end.js'
import { leaverStillUsing } from './leaver-still-using.js'
import { leaversSecretValid } from './leavers-secret-valid.js'
import { leftTheTeam } from './left-the-team.js'
import { longLivedUnguarded } from './long-lived-unguarded.js'
import { moverKeepsReading } from './mover-keeps-reading.js'
import { ownerLeft } from './owner-left.js'
import { pastCutover } from './past-cutover.js'
import { privateKeyTakenOut } from './private-key-taken-out.js'
import { readAfterDeletion } from './read-after-deletion.js'
import { releaseKeyKept } from './release-key-kept.js'
import { residualCopy } from './residual-copy.js'
import { retrievalWithoutApproval } from './retrieval-without-approval.js'
import { rotationOverdue } from './rotation-overdue.js'
import { sentByChat } from './sent-by-chat.js'
import { sharedIdentityAccess } from './shared-identity-access.js'
import { silentSource } from './silent-source.js'
import { standingGrant } from './standing-grant.js'
import { standingToken } from './standing-token.js'
import { tokenAfterContainment } from './token-after-containment.js'
import { twoEnvironments } from './two-environments.js'
import { unattestedOwner } from './unattested-owner.js'
import { useAfterRevocation } from './use-after-revocation.js'
import { visibleNotGoverned } from './visible-not-governed.js'
import { workflowWithoutParts } from './workflow-without-parts.js'

/** All kinds of incidents, one file each. New ones go to the end, so that old seeds keep their worlds. */
export const INCIDENTS: readonly Incident[] = [
  sharedIdentityAccess,
  borrowedHumanIdentity,
  humanOnWorkloadCredential,
  leaverStillUsing,
  leaversSecretValid,
  useAfterRevocation,
  rotationOverdue,
  residualCopy,
  retrievalWithoutApproval,
  approvalByRequester,
  standingToken,
  standingGrant,
  breakGlassUnreviewed,
  twoEnvironments,
  pastCutover,
  disabledJobToken,
  exposedNotRotated,
  agentOnHumanAccount,
  moverKeepsReading,
  silentSource,
  dormantCredential,
  fleetOnOneAccount,
  tokenAfterContainment,
  accountOfNobody,
  ownerLeft,
  unattestedOwner,
  visibleNotGoverned,
  copyInTheOpen,
  privateKeyTakenOut,
  leaseWithoutEnd,
  grantedOneByOne,
  compensationSilent,
  releaseKeyKept,
  sentByChat,
  workflowWithoutParts,
  readAfterDeletion,
  longLivedUnguarded,
  boundaryUnconfirmed,
  agentsUnwatched,
  leftTheTeam,
  environmentLeftBehind,
]
