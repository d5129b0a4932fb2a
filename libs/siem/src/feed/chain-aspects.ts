import type { Caveat, Chain, LinkState } from '@catena/access-chain'
import type { FeedAspect, FeedChain } from './event.js'

/** The aspects of a chain with their states and reasons, without the positions that prove them. */
export function chainOf(chain: Chain): FeedChain {
  const { path, actor, right, effect, end } = chain
  return {
    path: { ...aspect(path), ...(path.through === undefined ? {} : { through: path.through }), links: path.links.map(linkOf) },
    actor: aspect(actor),
    right: { ...aspect(right), policies: right.policies, approvals: right.approvals.length },
    effect: { ...aspect(effect), ...(effect.yielded === undefined ? {} : { yielded: effect.yielded }) },
    end: {
      ...aspect(end),
      ...(end.how === undefined ? {} : { how: end.how }),
      ...(end.at === undefined ? {} : { at: end.at }),
    },
    caveats: caveatsOf(chain),
  } // prettier-ignore
}

function linkOf(link: Chain['path']['links'][number]): FeedChain['path']['links'][number] {
  return { ...aspect(link), by: link.by, words: link.words }
}

function aspect(of: { readonly state: LinkState; readonly reason?: string }): FeedAspect {
  return of.reason === undefined ? { state: of.state } : { state: of.state, reason: of.reason }
}

function caveatsOf({ path, actor }: Chain): Caveat[] {
  return [...new Set([...path.caveats, ...actor.caveats])].sort()
}

/** Positions that the exported statements rest on, ascending. */
export function positionsOfChain({ fact, path, actor, right, effect, content, end }: Chain): number[] {
  const evidence = [
    fact.positions,
    actor.evidence,
    right.evidence,
    effect.evidence,
    content?.evidence ?? [],
    end.evidence,
  ]
  return [...new Set([...evidence, ...path.links.map((link) => link.evidence)].flat())].sort((a, b) => a - b)
}
