import type { Course } from '../engine/agenda.js'
import { logInAccount } from '../doings/logins.js'
import { putSecretValue } from '../doings/cloud.js'
import { revokeSelf, writeSecret } from '../doings/tokens.js'
import type { Slot } from '../organisation/credentials.js'
import { DATACENTRE } from '../organisation/names.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'

/** Every secret gets a new value once in so many days. */
const ROTATION_DAYS = 60

const ADDRESS = `${DATACENTRE}.250.1`

/** The night's turn of the rotation: one after another, and what leavers have seen. */
export function* rotation(world: World): Course {
  const slots = [...world.dueForRotation(ROTATION_DAYS)]
  yield* rotate(world, slots)
}

/** Gives new values to secrets; accounts of databases are made anew each time anyway. */
export function* rotate(world: World, slots: readonly Slot[]): Generator<number, readonly Noted[]> {
  const written: Noted[] = []
  const vault = slots.filter(({ kind }) => kind === 'kv')
  for (let index = 0; index < vault.length; index += 50) {
    const held = logInAccount(world, 'svc-rotator', ['rotator'], ADDRESS, 'rotator/1.0')
    for (const slot of vault.slice(index, index + 50)) {
      yield 1_200
      written.push(writeSecret(world, held, slot))
    }
    revokeSelf(world, held)
  }
  for (const slot of slots.filter(({ kind }) => kind === 'aws')) {
    yield 1_500
    written.push(putSecretValue(world, world.rotator, slot))
  }
  return written
}
