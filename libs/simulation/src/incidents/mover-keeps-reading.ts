import { DAY, MINUTE } from '../engine/time.js'
import { join, quit } from '../doings/staff.js'
import { readSecret, revokeSelf } from '../doings/tokens.js'
import type { Incident } from './incident.js'

export const moverKeepsReading: Incident = {
  kind: 'mover-keeps-reading',
  title: "Somebody moved to another team and still reads the old team's secret",
  twin: "Somebody moved to another team and reads that team's secrets only",
  requirements: ['R1.12', 'R4.1'],
  breaks: ['access-fit'],
  days: 12,
  *violate(scene) {
    const { world } = scene
    const [slot, person] = [scene.slot(), scene.person()]
    const old = person.team
    scene.involves(person)
    yield scene.untilWorkday(1)
    const before = yield* scene.enter(person)
    yield 4 * MINUTE
    readSecret(world, before.held, slot)
    revokeSelf(world, before.held)
    yield DAY
    quit(world, person, old)
    yield MINUTE
    scene.cause(join(world, person, world.teams.find((team) => team !== old) ?? old))
    yield scene.untilWorkday(3)
    const after = yield* scene.enter(person)
    yield 4 * MINUTE
    scene.cause(readSecret(world, after.held, slot))
    scene.becomesTrue()
    revokeSelf(world, after.held)
  },
  *comply(scene) {
    const { world } = scene
    const [slot, person] = [scene.slot(), scene.person()]
    const old = person.team
    scene.involves(person)
    yield scene.untilWorkday(1)
    const before = yield* scene.enter(person)
    yield 4 * MINUTE
    scene.cause(readSecret(world, before.held, slot))
    revokeSelf(world, before.held)
    yield DAY
    quit(world, person, old)
    yield MINUTE
    person.team = world.teams.find((team) => team !== old) ?? old
    scene.cause(join(world, person, person.team))
    yield scene.untilWorkday(3)
    const after = yield* scene.enter(person)
    yield 4 * MINUTE
    readSecret(world, after.held, world.credentials.make('kv', person.team))
    revokeSelf(world, after.held)
  },
}
