import { CLAIMS } from '@catena/domain'
import { allow, keep, only, shaped, type Rule, type RuleLiteral } from '../redaction.js'
import type { Concern } from './event-types.js'

/** W3C Trace Context: numbers that the caller chose. */
const TRACEPARENT = shaped(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)

/** Words that an event chooses from a list, or that name an action: no sentences. */
const WORD = shaped(/^[A-Za-z][\w.:-]{0,59}$/)

const ENVELOPE: RuleLiteral = {
  ...keep('specversion', 'id', 'source', 'type', 'time', 'datacontenttype', 'dataschema'),
  subject: 'mask',
  traceparent: TRACEPARENT,
}

const PERSON = only(keep('id', 'issuer', 'email', 'name', 'kind'))
const REFERENCE = only(keep('id', 'name'))
const CREDENTIAL = only({ ...keep('system', 'container'), path: 'path', version: 'number', kind: 'keep' })
const REQUEST = only(keep('id', 'system', 'checked'))
const AGENT = only({
  ...keep('id', 'name', 'kind', 'team', 'workload', 'escalation'),
  sponsor: PERSON,
  identities: only(keep('issuer', 'subject')),
})

/** Deeper chains of delegation than this are cut off. */
const DELEGATIONS_MAX = 8

/** `act` of RFC 8693, section 4.1: who acts, and inside, on whose behalf that one was asked before. */
function act(depth: number): RuleLiteral {
  return only({ ...keep('sub', 'iss'), ...(depth === 0 ? {} : { act: act(depth - 1) }) })
}

const SESSION_DATA: RuleLiteral = {
  session: only({ ...keep('id', 'expiresAt'), reason: WORD }),
  agent: AGENT,
  account: only(keep('id', 'name', 'credential')),
  mode: 'keep',
  task: only(keep('id')),
  parentCall: 'keep',
  onBehalfOf: only({ provider: 'keep', claims: only(keep(...CLAIMS)) }),
  delegation: only({ ...keep('sub', 'iss', 'jti'), act: act(DELEGATIONS_MAX) }),
  requests: REQUEST,
  ...keep('address', 'outcome'),
  method: WORD,
}

const CALL_DATA: RuleLiteral = {
  call: REFERENCE,
  session: only(keep('id')),
  parentCall: 'keep',
  agent: only(keep('id', 'name', 'kind')),
  task: only(keep('id')),
  tool: only({ name: 'keep', server: only(keep('id', 'name')) }),
  ...keep('privileged', 'outcome', 'address'),
  action: WORD,
  boundary: only(keep('from', 'to')),
  confirmation: only({ ...keep('decision', 'at'), by: PERSON }),
  decision: only(keep('policy', 'result', 'id')),
}

const SECRET_DATA: RuleLiteral = {
  credential: CREDENTIAL,
  session: only(keep('id')),
  call: only(keep('id')),
  account: only(keep('id', 'name', 'credential')),
  request: REQUEST,
  policies: 'keep',
  ...keep('outcome', 'address'),
  action: WORD,
}

const APPROVAL_DATA: RuleLiteral = {
  request: only(keep('id')),
  decision: WORD,
  role: 'keep',
  requester: PERSON,
  approver: PERSON,
  credential: CREDENTIAL,
  run: only(keep('id', 'system')),
  window: only(keep('from', 'until')),
}

const LIFECYCLE_DATA: RuleLiteral = {
  environment: REFERENCE,
  pipeline: REFERENCE,
  job: REFERENCE,
  by: PERSON,
  credentials: CREDENTIAL,
}

const EXPOSURE_DATA: RuleLiteral = {
  credential: CREDENTIAL,
  found: only({ ...keep('at', 'public'), in: WORD, place: 'path' }),
  by: PERSON,
}

const DATA: Readonly<Record<Concern, RuleLiteral>> = {
  agent: { agent: AGENT, mode: 'keep' },
  session: SESSION_DATA,
  call: CALL_DATA,
  secret: SECRET_DATA,
  approval: APPROVAL_DATA,
  lifecycle: LIFECYCLE_DATA,
  exposure: EXPOSURE_DATA,
}

export const RULES = Object.fromEntries(
  Object.entries(DATA).map(([concern, data]) => [concern, allow(only({ ...ENVELOPE, data: only(data) }))]),
) as Readonly<Record<Concern, Rule>>

/** Of events that this profile does not have, when and by whom. */
export const UNKNOWN = allow(only({ ...keep('specversion', 'id', 'source', 'time', 'datacontenttype') }))
