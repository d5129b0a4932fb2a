import { SECURITY, teamNamed } from '../administration/administrators.js'
import { declareWorkflow, type Workflow } from '../administration/sharing.js'
import { HOUR } from '../engine/time.js'
import { targetOf } from '../doings/target.js'
import type { Slot } from '../organisation/credentials.js'
import type { Noted } from '../records/journal.js'
import type { Scene } from './scene.js'

/** An AI-enabled workflow with all its parts, but for what is said otherwise. */
export function declareAgents(scene: Scene, slot: Slot, otherwise: Partial<Workflow> = {}): Noted {
  const owner = teamNamed(scene.team)
  const agents = `${scene.team}-assistant`
  scene.involves(`agent:${agents}`)
  return declareWorkflow(scene.world, {
    credentials: [targetOf(slot)],
    name: `agents of ${scene.team}`,
    owner: owner.key,
    ownerName: owner.name,
    sharedWith: agents,
    approver: SECURITY.id,
    approverName: SECURITY.name,
    windowMs: 2 * HOUR,
    loggingDestination: 'siem',
    replacementPath: 'the nightly rotation',
    escalation: 'on call',
    aiEnabled: true,
    confirmed: true,
    ...otherwise,
  })
}
