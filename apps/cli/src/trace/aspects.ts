import type { ActorAspect, Chain, EndAspect, Principal, RightAspect, Sideways } from '@catena/access-chain'
import { valueOf } from '@catena/domain'
import { counted } from '../terminal/numbers.js'
import type { Branch } from '../terminal/tree.js'
import type { FoundChain } from './find-chains.js'
import { hopsOf } from './hops.js'
import type { Marks } from './marks.js'
import { namingOf, type Naming } from './naming.js'

const LABEL_COLUMNS = 8
/** The hop below names it in full. */
const UUID_TAIL = /(\b[0-9a-f]{8})-[0-9a-f-]{27}$/

/** The five aspects, the path with its hops, then what stands beside and what is wrong. */
export function aspectsOf(found: FoundChain, marks: Marks): Branch[] {
  const { chain } = found
  const naming = namingOf(found)
  const told: Branch[] = [
    {
      ...marks.statement({ state: chain.path.state }, pathWords(chain, naming), label('path')),
      branches: hopsOf(found, marks),
    },
    marks.statement(chain.actor, actorWords(chain), label('actor')),
    marks.statement(chain.right, rightWords(chain.right, chain, naming), label('right')),
    marks.statement(chain.effect, chain.effect.yielded ?? chain.effect.reason ?? '', label('effect')),
    marks.statement(chain.end, endWords(chain.end, found, naming), label('end')),
  ]
  if (chain.callerEnd !== undefined)
    told.push(
      marks.statement(chain.callerEnd, `the caller's: ${naming.sentence(chain.callerEnd.words)}`, label('token')),
    )
  const findings = chain.findings.map((finding) => findingBranch(finding, naming, marks))
  return [...told, ...sidewaysBranches(chain.sideways, marks), ...findings]
}

function label(text: string): string {
  return text.padEnd(LABEL_COLUMNS)
}

function pathWords({ path }: Chain, naming: Naming): string {
  if (path.links.length === 0) return path.reason ?? ''
  if (path.state === 'missing') return `breaks off: ${path.reason ?? 'no record'}`
  const hops = counted(path.links.length, 'hop')
  if (path.through !== undefined) return `${hops}, back to ${naming.key(path.through).replace(UUID_TAIL, '$1')}`
  return path.candidates.length > 0 ? `${hops}, back to one of ${path.candidates.length}` : hops
}

function actorWords({ actor, identity }: Chain): string {
  const seen = identity?.displayName ?? identity?.account
  return [actorName(actor, seen), strengthWords(identity?.strength)].filter((words) => words !== '').join(', ')
}

function actorName(actor: ActorAspect, seen: string | undefined): string {
  if (actor.kind === 'attributed') return principalName(actor.principal)
  if (actor.kind === 'ambiguous') return `one of ${actor.candidates.map(principalName).join('; ')}`
  if (actor.shared !== undefined) return `shared identity ${actor.shared}: the records do not tell which person`
  const authority = actor.authority === undefined ? '' : `, with the authority of ${principalName(actor.authority)}`
  if (actor.reason === 'bearer handed over') return `bearer handed over${authority}: whoever held it did not log in`
  if (actor.reason === 'identity not joined') return `account ${seen ?? ''} is joined to no person`.replace('  ', ' ')
  return actor.reason
}

/** `release-writer (agent, attended, sponsor nora)` */
export function principalName({ kind, name, mode, sponsor }: Principal): string {
  const about = [kind, mode, sponsor === undefined ? undefined : `sponsor ${sponsor.name}`]
  return `${name} (${about.filter((one) => one !== undefined).join(', ')})`
}

function strengthWords(strength: NonNullable<Chain['identity']>['strength']): string {
  if (strength === undefined) return ''
  const { acr, amr, secondFactor } = strength
  const known = [acr && `acr ${acr}`, amr && `amr ${amr.join('+')}`, secondFactor && `second factor ${secondFactor}`]
  return known.filter((one) => one !== undefined && one !== '').join(', ')
}

function rightWords({ policies, approvals, reason }: RightAspect, { fact }: Chain, naming: Naming): string {
  if (policies.length === 0 && approvals.length === 0) {
    return reason ?? (fact.outcome === 'denied' ? 'refused: no policy allowed it' : 'not recorded')
  }
  const policy = policies.length === 0 ? [] : [`policy ${policies.join(', ')}`]
  const approved = approvals.map(
    ({ decision, approver, at }) => `${decision} by ${approver?.name ?? 'somebody unnamed'} at ${naming.time(at)}`,
  )
  return [...policy, ...(approved.length === 0 ? ['no approval recorded'] : approved)].join('; ')
}

function endWords({ words, by }: EndAspect, { chain, hops }: FoundChain, naming: Naming): string {
  const ender = by === undefined || by === chain.fact.factId ? undefined : hops.get(by)
  const name = ender?.attributes['displayName']
  if (typeof name !== 'string') return naming.sentence(words)
  // What stands behind the end itself (whether it was undone, or came earlier) is not said of whoever ended it.
  const [ended = words] = /^[^;]*? at [\dTZ:.-]+/.exec(words) ?? []
  return `${naming.sentence(ended)} by ${name}${naming.sentence(words.slice(ended.length))}`
}

const BESIDE: Readonly<Record<Sideways['role'], string>> = {
  initiator: 'set off by',
  giver: 'wrapped by',
  unwrapped: 'unwrapped by',
  behalf: 'on behalf of',
}

function sidewaysBranches(sideways: readonly Sideways[], marks: Marks): Branch[] {
  const lines = new Map<string, Sideways>()
  for (const one of sideways) {
    const who =
      one.name ?? one.principal?.name ?? (one.principal === undefined ? undefined : valueOf(one.principal.key))
    lines.set(`${BESIDE[one.role]} ${who ?? one.fact ?? 'somebody unnamed'}`, one)
  }
  return [...lines].map(([words, one]) => marks.statement(one, words, label('beside')))
}

function findingBranch({ kind, words, evidence }: Chain['findings'][number], naming: Naming, marks: Marks): Branch {
  const mark = [
    { text: '! ', style: 'red' as const },
    { text: kind, style: 'red' as const },
  ]
  return { text: [...mark, { text: `: ${naming.sentence(words)}` }, marks.positions(evidence)] }
}
