import type { Activity } from '@catena/domain'
import { actorOf } from './actor.js'
import type { ActorAspect, PathAspect } from './chain.js'
import { Evidence, type WalkSettings } from './evidence.js'
import type { FactIndex } from './fact-index.js'
import { gather } from './gather.js'
import { pathOf, trace } from './path.js'

export interface Chain0 { fact: Activity; path: PathAspect; actor: ActorAspect }
export async function walk(index: FactIndex, facts: readonly Activity[], settings: WalkSettings): Promise<Chain0[]> {
  const evidence = new Evidence(index, settings)
  await gather(evidence, facts)
  return facts.map((fact) => {
    const traced = trace(evidence, fact)
    const path = pathOf(traced)
    return { fact, path, actor: actorOf(evidence, fact, traced, path) }
  })
}
