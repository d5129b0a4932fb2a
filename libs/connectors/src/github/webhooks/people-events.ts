import { ACCOUNT, keep, only, TEAM } from './allowed.js'
import type { Change } from './change.js'
import { fromOnly, never } from './times.js'

const TEAM_ATTRIBUTES = { team: 'team.slug', teamId: 'team.id', permission: 'team.permission' }

/** Who belongs to what. Most of these events carry no time of their own. */
export const PEOPLE_EVENTS: Readonly<Record<string, Change>> = {
  member: {
    kind: 'membership-changed',
    allowed: {
      member: ACCOUNT,
      changes: only({ old_permission: keep('from'), permission: keep('from', 'to'), role_name: keep('from', 'to') }),
    },
    time: never,
    attributes: {
      member: 'member.login',
      permission: 'changes.permission.to',
      previousPermission: 'changes.old_permission.from',
    },
    accounts: { member: 'member' },
  },
  membership: {
    kind: 'membership-changed',
    allowed: { member: ACCOUNT, team: TEAM, scope: 'keep' },
    time: never,
    attributes: { member: 'member.login', ...TEAM_ATTRIBUTES },
    accounts: { member: 'member' },
  },
  organization: {
    kind: (action) => (action?.startsWith('member_') === true ? 'membership-changed' : 'configuration-changed'),
    allowed: {
      membership: only({ ...keep('state', 'role'), user: ACCOUNT }),
      invitation: only({
        ...keep('id', 'login', 'role', 'created_at', 'team_count'),
        email: 'mask',
        inviter: ACCOUNT,
      }),
      user: ACCOUNT,
      changes: only({ login: keep('from') }),
    },
    time: fromOnly(['member_invited'], 'invitation.created_at'),
    attributes: {
      member: 'membership.user.login',
      memberRole: 'membership.role',
      invited: 'invitation.login',
      invitedRole: 'invitation.role',
      previousName: 'changes.login.from',
    },
    accounts: { member: 'membership.user', invited: 'user' },
  },
  org_block: {
    kind: 'operation',
    allowed: { blocked_user: ACCOUNT },
    time: never,
    attributes: { blocked: 'blocked_user.login' },
    accounts: { blocked: 'blocked_user' },
  },
  team: {
    kind: 'membership-changed',
    allowed: { team: TEAM, changes: only({ name: keep('from'), privacy: keep('from') }) },
    time: never,
    attributes: TEAM_ATTRIBUTES,
    groupEnd: 'deleted',
  },
  team_add: { kind: 'membership-changed', allowed: { team: TEAM }, time: never, attributes: TEAM_ATTRIBUTES },
}
