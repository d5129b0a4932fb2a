import type { ActivityKind } from '@catena/domain'

/** What an activity of the directory audit is about; each concern has one reader (audit.ts). */
export type Concern =
  | 'person'
  | 'membership'
  | 'group-end'
  | 'group-return'
  | 'privilege'
  | 'credential'
  | 'sessions'
  | 'approval'
  | 'change'

export interface DirectoryActivity {
  readonly concern: Concern
  readonly kind: ActivityKind
}

/** By `activityDisplayName`, lower case and with plain dashes (Microsoft Learn, "Microsoft Entra audit log activities"). First match wins. */
const ACTIVITIES: readonly (readonly [RegExp, Concern, ActivityKind])[] = [
  [/\((?:pim activation|pim deactivate|pim activation expired)\)$|^pim activation request expired$/, 'privilege', 'approval-observed'],
  [/ in pim (?:requested|completed|canceled) \(\w+\)$/, 'privilege', 'approval-observed'],
  [/ outside of pim \(\w+\)$/, 'membership', 'membership-changed'],
  [/(?:pim|role) (?:policy|setting)|^(?:on|off)boarded resource|^update role setting/, 'change', 'policy-changed'],
  [/^(?:create|approve|deny|cancel|fulfill|expire|request) .*access package assignment.*$|access package assignment request/, 'approval', 'approval-observed'],
  [/^(?:approve|deny|apply|don't know|reset) decision/, 'approval', 'approval-observed'],
  [/^(?:add|remove) service principal credentials$|certificates and secrets management$|federated identity credential/, 'credential', 'credential-changed'],
  [/stsrefreshtokenvalidfrom|^revoke (?:all )?(?:refresh tokens?|user sessions?|sign-?in sessions?)/, 'sessions', 'logout'],
  [/^(?:change|reset|set force change) (?:user )?password|^(?:self-service password reset|unlock user account)|password \((?:self-service|by admin)\)/, 'change', 'credential-changed'],
  [/security info|authentication method|strong authentication|temporary access pass|passwordless|app password/, 'change', 'credential-changed'],
  [/^(?:add|delete|hard delete|restore|update|invite) (?:(?:external|internal|guest) )?user$|^(?:enable|disable) account$|^redeem external user invite$/, 'person', 'person-observed'],
  [/^(?:add|remove) (?:eligible |scoped |owner |member )*(?:member |owner )?(?:to|from) (?:role|group)\b/, 'membership', 'membership-changed'],
  [/^(?:add|remove) (?:eligible|scoped) member (?:to|from) role/, 'membership', 'membership-changed'],
  [/^(?:hard )?delete group$/, 'group-end', 'membership-changed'],
  [/^restore group$/, 'group-return', 'membership-changed'],
  [/app role assignment/, 'membership', 'membership-changed'],
  [/^(?:consent to application|(?:add|remove) (?:delegated permission grant|oauth2permissiongrant))/, 'change', 'policy-changed'],
  [/policy|policies|named location|role definition/, 'change', 'policy-changed'],
  [/^(?:add|remove) owner (?:to|from) (?:application|service principal|policy)/, 'change', 'configuration-changed'],
  [/domain|federation|application|service principal|company|directory|setting|group|partner|administrative unit|verified/, 'change', 'configuration-changed'],
  [/device|bitlocker|license|contact/, 'change', 'operation'],
] // prettier-ignore

export function plainName(displayName: string): string {
  return displayName.toLowerCase().replaceAll(/[\u2010-\u2015]/g, '-').trim()
} // prettier-ignore

/** Undefined: nobody has read this activity yet. */
export function activityOf(displayName: string): DirectoryActivity | undefined {
  const name = plainName(displayName)
  for (const [pattern, concern, kind] of ACTIVITIES) if (pattern.test(name)) return { concern, kind }
  return undefined
}
