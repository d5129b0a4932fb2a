import type { Chain } from '@catena/access-chain'
import { formatInstant, type Activity } from '@catena/domain'
import type { LedgerEvent } from '@catena/ledger'
import { escapeJson } from '../terminal/escape.js'
import { isAttributed, type Answer } from './answer.js'
import type { FoundChain } from './find-chains.js'
import type { Meaning } from './meaning.js'

/** The answer for scripts, as apps/cli/README.md describes it. Members are only ever added. */
export function answerJson(answer: Answer): string {
  const { asOf, term, meaning, chains, hasMore, truncated, records } = answer
  return show({
    asOf: { cut: asOf.cut, validAt: asOf.validAt === undefined ? null : formatInstant(asOf.validAt) },
    term,
    meaning: meaningObject(meaning),
    hasMore,
    truncated,
    chains: chains.map(chainObject),
    ...(records === undefined ? {} : { records: [...records.values()].map(recordObject) }),
  })
}

/** Nothing was found, or too much: the same members without chains. */
export function meaningsJson(term: string, meanings: readonly Meaning[]): string {
  return show({ term, meanings: meanings.map(meaningObject), chains: [] })
}

export function show(value: unknown): string {
  return `${escapeJson(JSON.stringify(value, undefined, 2))}\n`
}

function meaningObject({ kind, name, system, term, keys, credential, fact }: Meaning): object {
  return {
    kind,
    name,
    system,
    term,
    ...(keys.length === 0 ? {} : { keys }),
    ...(credential === undefined ? {} : { credential: credential.id }),
    ...(fact === undefined ? {} : { fact: fact.factId }),
  }
}

function chainObject({ chain, relation }: FoundChain): object {
  const { path, right, end, callerEnd } = chain
  return {
    relation,
    attributed: isAttributed(chain),
    retrieval: retrievalObject(chain.fact),
    path: { ...path, links: undefined, hops: path.links },
    actor: chain.actor,
    identity: chain.identity,
    right: {
      ...right,
      approvals: right.approvals.map((approval) => ({ ...approval, at: formatInstant(approval.at) })),
    },
    effect: chain.effect,
    content: chain.content,
    end: endObject(end),
    callerEnd: callerEnd === undefined ? undefined : endObject(callerEnd),
    sideways: chain.sideways,
    findings: chain.findings,
  }
}

function retrievalObject(fact: Activity): object {
  const { address, userAgent, version } = fact.attributes
  return {
    fact: fact.factId,
    source: fact.source,
    kind: fact.kind,
    type: fact.type,
    outcome: fact.outcome,
    at: formatInstant(fact.occurredAt),
    completedAt: fact.completedAt === undefined ? undefined : formatInstant(fact.completedAt),
    target: fact.target,
    version,
    address,
    userAgent,
    evidence: fact.positions,
  }
}

function endObject(end: Chain['end']): object {
  return { ...end, at: end.at === undefined ? undefined : formatInstant(end.at) }
}

function recordObject(event: LedgerEvent): object {
  return {
    position: event.position,
    source: event.source,
    stream: event.sourceStream,
    type: event.type,
    occurredAt: formatInstant(event.occurredAt),
    recordedAt: formatInstant(event.recordedAt),
    record: event.payload === undefined ? null : (JSON.parse(event.payload.toString('utf8')) as unknown),
  }
}
