import { refusal, type Caller, type Instant, type Key, type Refusal } from '@catena/domain'
import { loadStream, type DecisionStreams, type StreamVersion } from '@catena/ledger'
import type pg from 'pg'
import { stewardship, stewardshipStream } from '../ownership/decider.js'
import type { Stewardship } from '../ownership/state.js'
import { DUTIES_STREAM, excludedBy, exclusiveDuties, type Duty } from './duties.js'
import type { Authority } from './grant.js'
import { isOneOf, isOwn, partyOf, type Party } from './party.js'
import { SHARING, sharingStream } from './registry.js'
import { authorityIn, sharesAll, type SharingWorkflowState } from './workflow.js'

export interface AuthorityDesk {
  readonly streams: Pick<DecisionStreams, 'readStream'>
  /** Did one of these keys obtain one of the credentials? */
  readonly uses: (credentials: readonly string[], keys: readonly Key[]) => Promise<boolean>
}

/** A right to answer, and the streams that say so, at the versions at which they said it. */
export interface RestedAuthority {
  readonly authority: Authority
  readonly resting: readonly StreamVersion[]
}

/** As the access summaries show it. */
export function usesIn(pool: Pick<pg.Pool, 'query'>): AuthorityDesk['uses'] {
  return async (credentials, keys) => {
    const { rowCount } = await pool.query(
      'SELECT FROM governance.access_summary WHERE credential = ANY($1::uuid[]) AND keys && $2 LIMIT 1',
      [credentials, keys],
    )
    return rowCount === 1
  }
}

/** By what right somebody may answer a request for access; decided on streams, never on a view. */
export async function authorityOver(
  desk: AuthorityDesk,
  caller: Caller,
  asked: { readonly credentials: readonly string[]; readonly workflow: string | undefined },
  at: Instant,
): Promise<RestedAuthority> {
  const party = partyOf(caller)
  const read = await Promise.all(asked.credentials.map((id) => stewardshipOf(desk, id)))
  const stewards = read.map(({ state }) => state)
  const { authority, resting } =
    asked.workflow === undefined
      ? { authority: asOwner(caller, party, stewards), resting: [] }
      : await inWorkflow(desk, { ...asked, workflow: asked.workflow }, party, at)
  const { state, version } = await loadStream(desk.streams, exclusiveDuties, DUTIES_STREAM)
  const held = dutiesOf(caller, party, stewards)
  if (await desk.uses(asked.credentials, [...party.keys, ...(party.alsoKnownAs ?? [])])) held.add('use')
  const duty = excludedBy(state.pairs, held, 'approve')
  return {
    authority: duty === undefined ? authority : { ...authority, excludedBy: `the duty to ${duty}` },
    resting: [...read.map(({ rests }) => rests), ...resting, { stream: DUTIES_STREAM, version }],
  }
}

/** What was said of one credential, and the stream that says so. */
export async function stewardshipOf(
  { streams }: Pick<AuthorityDesk, 'streams'>,
  credential: string,
): Promise<{ readonly state: Stewardship; readonly rests: StreamVersion }> {
  const stream = stewardshipStream(credential)
  const { state, version } = await loadStream(streams, stewardship, stream)
  return { state, rests: { stream, version } }
}

interface AskedUnder {
  readonly credentials: readonly string[]
  readonly workflow: string
}

/** By what right somebody may answer what is asked under a workflow. */
export async function inWorkflow(
  desk: Pick<AuthorityDesk, 'streams'>,
  { credentials, workflow }: AskedUnder,
  party: Party,
  at: Instant,
): Promise<RestedAuthority> {
  const { state, rests } = await workflowOf(desk, workflow)
  return { authority: authorityIn(state, party, credentials, at), resting: [rests] }
}

async function workflowOf(
  { streams }: Pick<AuthorityDesk, 'streams'>,
  id: string,
): Promise<{ readonly state: SharingWorkflowState; readonly rests: StreamVersion }> {
  const stream = sharingStream('sharing-workflow', id)
  const { state, version } = await loadStream(streams, SHARING['sharing-workflow'], stream)
  return { state, rests: { stream, version } }
}

export type WorkflowAskedRefusal = 'NO_SUCH_WORKFLOW' | 'RETIRED' | 'NOT_IN_WORKFLOW'

/** Whether a workflow can answer for what is asked under it, and the stream that says so; a refusal where nobody could ever approve. */
export async function askedUnder(
  desk: Pick<AuthorityDesk, 'streams'>,
  { credentials, workflow }: { readonly credentials: readonly string[]; readonly workflow?: string | undefined },
): Promise<readonly StreamVersion[] | Refusal<WorkflowAskedRefusal>> {
  if (workflow === undefined) return []
  const { state, rests } = await workflowOf(desk, workflow)
  if (state.status === 'none')
    return refusal('NO_SUCH_WORKFLOW', 'no workflow has this id: ask under another, or without one')
  if (state.status === 'retired')
    return refusal('RETIRED', 'this workflow was retired: ask under another, or without one')
  if (!sharesAll(state, credentials))
    return refusal(
      'NOT_IN_WORKFLOW',
      'the workflow does not share all of these credentials: ask under another, or without one',
    )
  return [rests]
}

/** Without a workflow the owner of every credential approves, or a security engineer. */
function asOwner({ roles }: Caller, party: Party, stewards: readonly Stewardship[]): Authority {
  if (roles.includes('security-engineer')) return { mayApprove: true }
  const owns = ({ owner }: Stewardship): boolean => owner !== undefined && isOneOf(party, [owner.key])
  return { mayApprove: stewards.length > 0 && stewards.every(owns) }
}

/** What the approver does with these credentials already. */
function dutiesOf({ roles }: Caller, party: Party, all: readonly Stewardship[]): Set<Duty> {
  const held = new Set<Duty>(roles.includes('operator') ? ['operate'] : [])
  const isCustodian = all.some(({ stewards }) =>
    stewards.some(({ key, role }) => role === 'custodian' && isOwn(party, [key])),
  )
  return isCustodian ? held.add('hold') : held
}
