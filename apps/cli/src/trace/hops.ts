import type { Link } from '@catena/access-chain'
import { namespaceOf, type Activity, type Key } from '@catena/domain'
import type { Branch } from '../terminal/tree.js'
import { plain } from '../terminal/paint.js'
import type { FoundChain } from './find-chains.js'
import type { Marks } from './marks.js'
import { namingOf, tokenOf, type Naming } from './naming.js'

/** The way back from the retrieval, each hop below the one that it led to. */
export function hopsOf(found: FoundChain, marks: Marks): Branch[] {
  const naming = namingOf(found)
  // Written from the retrieval back, so that records are named where they count first; then hung into each other.
  const hops = found.chain.path.links.map((link) => hopOf(link, found, naming, marks))
  return hops.reduceRight<Branch[]>((below, hop) => [{ ...hop, branches: [...(hop.branches ?? []), ...below] }], [])
}

function hopOf(link: Link, found: FoundChain, naming: Naming, marks: Marks): Branch {
  const makers = link.to.map((id) => found.hops.get(id)).filter((fact) => fact !== undefined)
  const words =
    link.by === 'federation' ? federationWords(link, makers, naming) : tokenWords(link, makers, found, naming)
  const branch = marks.statement(link, words)
  return link.candidates.length === 0 ? branch : { ...branch, branches: candidatesOf(link, makers, naming) }
}

function tokenWords(link: Link, [maker]: readonly Activity[], { chain, hops }: FoundChain, naming: Naming): string {
  const user = link.from === chain.fact.factId ? chain.fact : hops.get(link.from)
  const token = `${bearerNoun(link.key)} ${tokenOf(user, link.key) ?? ''}`.trim()
  if (maker === undefined || link.state === 'ambiguous') return `${token}: ${naming.sentence(link.words)}`
  const at = naming.time(maker.occurredAt)
  if (link.by === 'delegation') return `${token} of ${callWords(maker)}, ${at}`
  if (link.by === 'handover') return `${token}, made for whoever holds it by ${nameOn(maker)}, ${at}`
  return `${token} by ${loginWords(maker)}, ${at}`
}

/** What carries the authority: a session or a call has a name of its own, everything else is a token. */
function bearerNoun(key: Key | undefined): string {
  if (key === undefined) return 'token'
  return { 'system-session': 'session', 'agent-call': 'call' }[namespaceOf(key) as string] ?? 'token'
}

/** `release-writer to secrets-server: read_secret` */
function callWords(call: Activity): string {
  const { displayName, toolServer, tool } = textsOf(call)
  const to = toolServer === undefined ? '' : ` to ${toolServer}`
  return `${displayName ?? call.type}${to}${tool === undefined ? '' : `: ${tool}`}`
}

/** `login of dave at auth/userpass/ as ops` */
function loginWords(login: Activity): string {
  const { accountName, agentName, agentId, role, mountPoint, method } = textsOf(login)
  const parts = [
    ['of', accountName ?? agentName ?? agentId],
    ['at', mountPoint ?? method],
    ['as', role],
  ] as const
  return ['login', ...parts.flatMap(([word, value]) => (value === undefined ? [] : [`${word} ${value}`]))].join(' ')
}

function nameOn(fact: Activity): string {
  return textsOf(fact).displayName ?? fact.type
}

function federationWords(link: Link, makers: readonly Activity[], naming: Naming): string {
  if (link.state === 'missing') {
    const why = link.key === undefined ? '' : ` ${naming.key(link.key)}`
    return `behind the login:${why} ${link.reason ?? 'nothing recorded'}`
  }
  if (link.candidates.length > 1) return `one of ${link.candidates.length} that were alive at the login`
  const [first] = makers
  if (first === undefined) return naming.sentence(link.words)
  const session = sessionKeys(first).find((key) => key === link.key) ?? sessionKeys(first)[0]
  const only = link.state === 'inferred' ? ', the only one alive at the login' : ''
  return `${sessionWords(session, makers, naming)}${only}`
}

function candidatesOf(link: Link, makers: readonly Activity[], naming: Naming): Branch[] {
  return link.candidates.map((candidate) => {
    const own = makers.filter((fact) => sessionKeys(fact).includes(candidate))
    return { text: [plain(sessionWords(candidate, own, naming))] }
  })
}

/** `CI run attempt 4711/1 of acme/shop, deploy, since 08:00:05.000` */
function sessionWords(key: Key | undefined, establishers: readonly Activity[], naming: Naming): string {
  const [first] = establishers
  if (key === undefined || first === undefined) return key === undefined ? 'unknown' : naming.key(key)
  const { repositoryName, workflowName, username, agentName, agentId, clientId } = textsOf(first)
  const of = repositoryName ?? username ?? agentName ?? agentId
  const extra = [workflowName, clientId === undefined ? undefined : `at client ${clientId}`].filter(
    (one) => one !== undefined,
  )
  const since = naming.time(Math.min(...establishers.map((fact) => startOf(fact))))
  return [`${naming.key(key)}${of === undefined ? '' : ` of ${of}`}`, ...extra, `since ${since}`].join(', ')
}

function startOf({ attributes, occurredAt }: Activity): number {
  return typeof attributes['startsAt'] === 'number' ? attributes['startsAt'] : occurredAt
}

function sessionKeys(fact: Activity): Key[] {
  const keys = fact.groups
    .filter(({ verb }) => verb === 'establishes')
    .flatMap(({ forms }) => forms.map((form) => form.key))
  return keys.filter((key) => ['ci-attempt', 'idp-session', 'system-session'].includes(namespaceOf(key)))
}

type Texts = Readonly<Partial<Record<string, string>>>

function textsOf({ attributes }: Activity): Texts {
  return Object.fromEntries(
    Object.entries(attributes).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  )
}
