import type { SourceKind } from '@catena/domain'
import type { JoinedTo } from './provability.js'

/** What a source never writes, so that no setting makes it known. In its records' words; sources that are not named here record what they are told to. */
const NEVER: Readonly<Partial<Record<SourceKind, Readonly<Partial<Record<JoinedTo, string>>>>>> = {
  cyberark: {
    session: 'a logon names the user, and nothing of the token or password by which',
    person: 'a logon names the user, and nothing of the token or password by which',
  },
  onepassword: {
    session: 'a sign-in attempt carries an e-mail address, and no claim of the token',
    person: 'a sign-in attempt carries an e-mail address, and no claim of the token',
  },
  entra: {
    session: 'a sign-in names the federated credential, and nothing of the token that was exchanged for it',
    person: 'a sign-in names the federated credential, and nothing of the token that was exchanged for it',
    'run attempt': 'a sign-in names the federated credential, and nothing of the token that was exchanged for it',
  },
}

/** Why no setting of this source proves the hop; undefined: there is one. */
export function neverRecorded(kind: SourceKind | undefined, joins: JoinedTo): string | undefined {
  return kind === undefined ? undefined : NEVER[kind]?.[joins]
}
