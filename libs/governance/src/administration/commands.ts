import { credentialOf } from '@catena/projections'
import type { Key } from '@catena/domain'
import { z } from 'zod'
import type { StewardshipCommand } from '../ownership/decider.js'
import { CREDENTIAL_KINDS, LOCATION_KINDS, STEWARD_ROLES } from '../ownership/state.js'
import { DUTIES } from '../sharing/duties.js'
import { EXCEPTION_KINDS } from '../sharing/exception.js'
import { EXPOSURE_KINDS } from '../sharing/exposure.js'
import type { SharingCommandOf, SharingKind } from '../sharing/registry.js'

type Members = Readonly<Record<string, z.ZodType>>

export const text = z.string().min(1)
export const key = text.regex(/^[a-z-]+:[^:]+:./, 'is no key').transform((value) => value as Key)
export const moment = z.iso.datetime().transform((value) => Date.parse(value))
/** Where it lies, as facts name their targets; becomes the credential's id. */
const credential = z.strictObject({ system: text, container: text, path: text }).transform((slot) => credentialOf(slot)) // prettier-ignore
const credentials = z.array(credential)
const named = z.strictObject({ key, name: text })
const ms = z.number().positive()
const reason = text
const words = text

/** What each command of a credential's stewardship says, beside who gives it. */
export const OF_STEWARDSHIP = {
  RegisterCredential: { credential, system: text, path: text },
  AssignOwner: { credential, key, name: text, reason: reason.optional() },
  AttestOwnership: { credential },
  AddSteward: { credential, key, name: text, role: z.enum(STEWARD_ROLES) },
  RemoveSteward: { credential, key, role: z.enum(STEWARD_ROLES) },
  DeclareFacts: {
    credential,
    facts: z.strictObject({
      kind: z.enum(CREDENTIAL_KINDS).optional(),
      environment: text.optional(),
      purpose: text.optional(),
      scope: text.optional(),
      shared: z.boolean().optional(),
      rotationDays: z.number().positive().optional(),
      reaches: z.array(text).optional(),
    }),
  },
  DeclareCheckout: { credential, key, name: text, from: moment, to: moment.optional() },
  DeclareCopy: { credential, kind: z.enum(LOCATION_KINDS), place: text, version: z.int().optional() },
  ClearCopy: { credential, kind: z.enum(LOCATION_KINDS), place: text },
} satisfies Record<StewardshipCommand['do'], Members>

const parts = z.strictObject({
  credentials,
  name: text,
  owner: key.optional(),
  ownerName: text.optional(),
  sharedWith: text.optional(),
  approver: key.optional(),
  approverName: text.optional(),
  windowMs: ms.optional(),
  loggingDestination: text.optional(),
  replacementPath: text.optional(),
  escalation: text.optional(),
  aiEnabled: z.boolean(),
  confirmed: z.boolean().optional(),
})

const request = z.strictObject({
  credentials,
  to: key,
  toName: text,
  toRole: z.boolean(),
  reason,
  from: moment,
  until: moment.optional(),
  scope: text.optional(),
  workflow: text.optional(),
})

const plan = z.strictObject({
  credentials,
  mayActivate: z.array(named),
  condition: text,
  closeWithinMs: ms,
  reviewWithinMs: ms,
  reviewer: key,
  reviewerName: text,
})

const terms = z.strictObject({
  credentials,
  kind: z.enum(EXCEPTION_KINDS),
  controls: z.array(text),
  reason,
  blastRadius: text,
  from: moment,
  until: moment,
  compensations: z.array(z.strictObject({ name: text, heartbeatMs: ms })),
})

/** What each command of sharing says, beside who gives it and the id of its stream. */
export const OF_SHARING = {
  'sharing-workflow': {
    DeclareWorkflow: { parts },
    RetireWorkflow: { reason },
    DelegateApproval: { to: named, from: moment, until: moment },
    EndDelegation: { to: key },
  },
  grant: {
    RequestAccess: { request },
    ApproveAccess: { from: moment.optional(), until: moment.optional(), scope: text.optional(), reason: reason.optional() }, // prettier-ignore
    DenyAccess: { reason },
    WithdrawRequest: {},
    RevokeGrant: { reason },
  },
  'break-glass': {
    PlanBreakGlass: { plan },
    ActivateBreakGlass: { activation: text, reason },
    CloseBreakGlass: { activation: text },
    ReviewBreakGlass: { activation: text, outcome: z.enum(['justified', 'misuse']), words },
  },
  incident: {
    IssueIncidentToken: { token: z.strictObject({ credentials, incident: text, responders: z.array(named) }) },
    ContainIncident: { words },
  },
  migration: {
    OpenMigration: { window: z.strictObject({ credentials, until: moment, replacedBy: text }) },
    ExtendMigration: { until: moment, reason },
    CutOver: { words },
  },
  exception: {
    RequestException: { terms },
    ApproveException: {},
    RejectException: { reason },
    RevokeException: { reason },
    ReportCompensation: { name: text },
  },
  'signing-release': {
    RequestRelease: { release: z.strictObject({ credentials, release: text, from: moment, until: moment }) },
    ApproveRelease: {},
  },
  'job-token': {
    TieJobToken: { tied: z.strictObject({ credentials, job: text }) },
    DisableJob: { words },
  },
  exposure: {
    ReportExposure: {
      report: z.strictObject({ credentials, how: z.enum(EXPOSURE_KINDS), exposedAt: moment, words }),
    },
    WithdrawExposure: { reason },
  },
  alert: {
    DeclareAlert: { alert: z.strictObject({ credentials, name: text, heartbeatMs: ms }) },
    ReportAlert: { test: z.boolean() },
  },
} satisfies { [Kind in SharingKind]: Record<SharingCommandOf<Kind>['do'], Members> }

/** What lists that are published as a whole say. */
export const OF_LISTS = {
  PublishOwnershipRules: {
    rules: z.array(z.strictObject({ id: text, system: text.optional(), path: text, owner: named })),
  },
  PublishExclusiveDuties: { pairs: z.array(z.tuple([z.enum(DUTIES), z.enum(DUTIES)])) },
} satisfies Record<string, Members>

/** The stream of break-glass is its credential's; other things of sharing have ids of their own. */
export const ID_OF: Readonly<Record<'break-glass' | 'other', Members>> = {
  'break-glass': { credential },
  other: { id: text },
}
