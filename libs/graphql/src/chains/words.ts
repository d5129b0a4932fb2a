import type { Caveat, ChainFinding, EndAspect, Link, LinkState, MissingReason, Sideways } from '@catena/access-chain'
import type { ActivityKind, Outcome } from '@catena/domain'
import { declareEnum } from '../scalars/declare-enum.js'

export const LinkStates = declareEnum<LinkState>('LinkState', 'How far the records carry a statement.', {
  proven: 'The records prove it: joined by a value that was minted once.',
  inferred: 'The records support it and nothing speaks against it, but they do not prove it.',
  ambiguous: 'Several answers fit, and all are listed.',
  missing: 'The records do not tell; the reason says why.',
})

export const MissingReasons = declareEnum<MissingReason>('MissingReason', 'Why a statement is missing.', {
  'nobody authenticated': 'The request came without an authenticated caller.',
  'refused: nobody was authenticated': 'The request was refused before anybody was authenticated.',
  'source not connected': 'The system that would know is not connected: connect it.',
  'before its coverage': 'It happened before the first record of the system that would know.',
  'gap in the source': 'The source has a known gap at that time.',
  'federation not declared':
    'Which identities the mount accepts is not declared: declare its federation in the source.',
  'not recorded by that source': 'The source is connected, but writes no record of it.',
  'bearer handed over': 'The token was made for whoever would hold it, and the holder did not authenticate since.',
  'shared identity': 'Many hold this identity; which person used it is not recorded.',
  'identity not joined': 'The account is known, but nothing ties it to a person or workload.',
  'no approval recorded': 'No record of an approval.',
  'no end seen': 'No record of an end so far.',
  'nothing recorded at the target': 'No record of what was done with it at the target.',
})

export const Caveats = declareEnum<Caveat>('Caveat', 'What weakens a statement that stands.', {
  'clock skew': 'The clocks of the two sources differ too much or cannot be compared.',
  'coverage incomplete': 'A source was silent or had a gap in the span that matters.',
  'custody: session ended': 'The session had ended before the use.',
  'custody: attempt ended': 'The CI attempt had ended before the use.',
  'custody: account disabled': 'The account had been disabled before the use.',
  'custody: account deleted': 'The account had been deleted before the use.',
  'custody: address differs': 'The use came from another address than the login.',
  'custody: token outlived its bound': 'The token was older than its kind proves custody for.',
  'used after end': 'The token was presented after its end.',
  "operator's join": 'An operator, not an authentication, ties the account to the person.',
})

export const LinkKinds = declareEnum<Link['by']>('LinkKind', 'How the authority passed on.', {
  login: 'Its holder authenticated.',
  handover: 'It was made for whoever would hold it.',
  delegation: 'It was done on behalf of a call of somebody else, who stands behind it.',
  federation: 'A system accepted an identity of another one.',
  origin: 'The walk ends here: a credential that is its system\u2019s own, or a long-lived one.',
})

export const EndKinds = declareEnum<NonNullable<EndAspect['how']>>('EndKind', 'How something ended.', {
  revoked: 'Somebody revoked it, or what it hung on.',
  expired: 'Its time ran out.',
  rotated: 'A newer version took its place.',
  destroyed: 'The version was destroyed.',
  deleted: 'It was deleted.',
  consumed: 'Its last use was spent.',
  ended: 'It ended; the records do not tell how.',
})

export const SidewaysRoles = declareEnum<Sideways['role']>('SidewaysRole', 'Part of one who stands beside the path.', {
  initiator: 'Who started the run.',
  giver: 'Who made the token or the wrapped response.',
  unwrapped: 'What was unwrapped.',
  behalf: 'For whom an agent or workload acted.',
})

export const FindingKinds = declareEnum<ChainFinding['kind']>(
  'FindingKind',
  'What is wrong with the records of a chain.',
  {
    'observers disagree': 'Two records of one fact contradict each other.',
    'establishers disagree': 'One minted value was established twice, for different identities.',
    'minted and standing keys contradict': 'A minted value and a name of one request lead to different identities.',
    'used after end': 'A token was presented after its end.',
    'clock skew': 'The clocks of two sources differ beyond the bound.',
    'late use': 'A use came later than the clocks of both sources allow.',
    'failed unwrap': 'A wrapped response was asked for again after it had been unwrapped.',
    'identity outlived its user': 'An identity was used after its user had been deleted.',
    'unconfirmed crossing':
      'A privileged call left its trust boundary, and no person is recorded to have confirmed it.',
    'human account used autonomously': 'An agent acted with a person\u2019s authority while nobody attended.',
  },
)

export const Outcomes = declareEnum<Outcome>('Outcome', 'How a request went.', {
  succeeded: 'It succeeded.',
  denied: 'It was denied.',
  failed: 'It failed for another reason than a denial.',
  unknown: 'Only its beginning was recorded, or records contradict each other on it.',
})

export const ActivityKinds = declareEnum<ActivityKind>('ActivityKind', 'What happened, in words that no vendor owns.', {
  login: 'Somebody or something authenticated.',
  'login-started': 'A step before an authentication.',
  logout: 'A session ended by its holder or an administrator.',
  'code-exchanged': 'An authorisation code became tokens.',
  'session-refreshed': 'A session was refreshed.',
  'token-created': 'A token was made for whoever will hold it.',
  'token-renewed': 'A token was renewed.',
  'token-revoked': 'A token was revoked.',
  'secret-read': 'A secret was read.',
  'rotating-secret-read':
    'A secret was read that its store changes from time to time by itself, which no record tells: the password of a static role.',
  'secret-listed': 'Names of secrets were listed.',
  'secret-written': 'A secret was written.',
  'secret-deleted': 'A version of a secret was deleted.',
  'secret-destroyed': 'A version of a secret was destroyed.',
  'secret-restored': 'A deleted version was restored.',
  'lease-issued': 'A dynamic credential was issued under a lease.',
  'lease-renewed': 'A lease was renewed.',
  'lease-revoked': 'Somebody asked for the end of a lease.',
  'lease-ended': 'The issuing system reports the end of a lease.',
  'response-unwrapped': 'A wrapped response was unwrapped.',
  'key-used': 'A key that never leaves its store was used.',
  'run-observed': 'A CI run or an attempt of it was seen.',
  'job-observed': 'A CI job was seen.',
  'approval-observed': 'An approval was seen.',
  'secrets-passed': 'A CI system handed secrets to a job.',
  'credential-changed': 'A key or secret was created, changed or removed.',
  'person-observed': 'A directory entry was seen.',
  'membership-changed': 'A membership changed.',
  'identity-joined': 'An operator decided whose a name is.',
  'sponsor-observed': 'Who answers for a workload, as a directory says.',
  'policy-changed': 'A policy changed.',
  'configuration-changed': 'A configuration changed.',
  'exposure-reported': 'A leak was reported.',
  'agent-observed': 'An agent or a tool server was registered, changed or retired.',
  'tool-called': 'An agent had a tool server do something.',
  'lifecycle-observed': 'An environment, a pipeline or a job came, went or was switched off.',
  operation: 'A known request of another kind.',
  'not-about-access': 'A record of a known type that tells of no access.',
  unclassified: 'A record of a type that no connector knows yet.',
  'not-interpreted': 'A record that its connector failed on. What it tells is unknown until a newer version reads it.',
})
