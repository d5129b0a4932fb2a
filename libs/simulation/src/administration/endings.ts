import type { Administrator } from './administration.js'
import { stamp } from '../engine/time.js'
import type { Place } from '../organisation/credentials.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'
import { SECURITY, SECURITY_TOO } from './administrators.js'
import { begin, give, type Begun } from './give.js'

/** A shared credential is to be replaced by then. */
export function openMigration(world: World, credential: Place, until: number): Begun {
  const window = { credentials: [credential], until: stamp(until), replacedBy: 'a role of its own for each job' }
  return begin(world, SECURITY, 'migration', { do: 'OpenMigration', window })
}

export function cutOver(world: World, { id }: Begun): Noted {
  return give(world, SECURITY, { do: 'CutOver', id, words: 'every job has its own role' })
}

/** A signing key is needed for a release. */
export function requestRelease(world: World, by: Administrator, credential: Place, until: number): Begun {
  const release = { credentials: [credential], release: '4.2', from: stamp(world.now), until: stamp(until) }
  return begin(world, by, 'release', { do: 'RequestRelease', release })
}

export function approveRelease(world: World, { id }: Begun): Noted {
  return give(world, SECURITY_TOO, { do: 'ApproveRelease', id })
}

/** A token that is there for one scheduled job. */
export function tieJobToken(world: World, credential: Place, job: string): Begun {
  return begin(world, SECURITY, 'job', { do: 'TieJobToken', tied: { credentials: [credential], job } })
}

export function disableJob(world: World, { id }: Begun): Noted {
  return give(world, SECURITY, { do: 'DisableJob', id, words: 'it is not needed any more' })
}
