import { declare, takeOver } from '../administration/stewardship.js'
import type { Course } from '../engine/agenda.js'
import { HOUR, MINUTE, SECOND } from '../engine/time.js'
import { callTool, changeEnvironment, changeSecret, endSession, previewPath, register, retrieve, startAlone, startFor, startWith } from '../doings/agents.js' // prettier-ignore
import { signIn, signOut } from '../doings/sessions.js'
import { approve, openTicket } from '../doings/tickets.js'
import type { AgentCall, Request } from '../oracle/agents.js'
import { agentsOf, SECRETS_SERVER, STORE, type Agent } from '../organisation/agents.js'
import type { Place } from '../organisation/credentials.js'
import { SERVICES } from '../organisation/names.js'
import { isOfOkta, type Person } from '../organisation/people.js'
import type { World } from '../world.js'

/** Of what agents do for people, how often what. */
const BY_SERVER = 0.4
const UNDECLARED = 0.1
const BY_TICKET = 0.3
const CHECKED = 0.8

/** Every agent, and the server they call, has somebody who answers for it; whoever leaves is replaced the next morning. */
export function* sponsors(world: World, known: Map<Agent['id'], Person>): Course {
  for (const agent of [...world.teams.flatMap(agentsOf), SECRETS_SERVER]) {
    const sponsor = known.get(agent.id)
    if (sponsor !== undefined && world.people.includes(sponsor)) continue
    const next = colleagueOf(world, agent.team)
    if (next === undefined) return
    known.set(agent.id, next)
    register(world, agent, next)
    yield SECOND
  }
}

/** Somebody signs in, and has an agent read what a task needs; some of it under a ticket that a colleague approves. */
export function* attended(world: World): Course {
  const { chance } = world
  const person = chance.pick(world.people.filter((one) => !isOfOkta(one)))
  const [agent] = agentsOf(person.team)
  const signedIn = signIn(world, person, 'agents')
  yield chance.between(2_000, 20_000)
  const session = startWith(world, agent, signedIn, taskOf(world), {
    isDeclared: !chance.is(UNDECLARED) || world.options.wellKept,
  })
  const read: string[] = []
  for (let left = chance.between(1, 4); left > 0; left--) {
    yield chance.between(1, 8) * MINUTE
    const path = pathOf(world, agent)
    const request = chance.is(BY_TICKET) ? yield* ticket(world, person, path) : undefined
    if (!world.people.includes(person)) break
    const call = callTool(world, session, SECRETS_SERVER, person)
    yield chance.between(400, 3_000)
    read.push(path)
    if (chance.is(BY_SERVER)) yield* serve(world, call, path, request)
    else retrieve(world, call, path, request)
  }
  yield 6 * MINUTE
  endSession(world, session)
  // What was shown to a person gets a new value.
  for (const path of new Set(read)) changeSecret(world, path, 'rotated')
  yield 8 * MINUTE
  signOut(world, signedIn)
}

function* ticket(world: World, person: Person, path: string): Generator<number, Request | undefined> {
  const asked = openTicket(world, person, path)
  yield world.chance.between(2, 20) * MINUTE
  const approver = colleagueOf(world, person.team, person)
  if (approver === undefined) return undefined
  const { isSeen } = approve(world, asked, approver, 2 * HOUR)
  yield MINUTE
  return { id: asked.id, approver, isSeen, isChecked: world.chance.is(CHECKED) }
}

function* serve(world: World, call: AgentCall, path: string, request: Request | undefined): Course {
  const serving = startFor(world, SECRETS_SERVER, call)
  yield world.chance.between(100, 900)
  retrieve(world, serving, path, request)
  yield 4 * MINUTE
  endSession(world, serving)
}

/** An agent works by itself; now and then it has a preview of the software put up, whose secret goes with it. */
export function* autonomous(world: World): Course {
  const { chance } = world
  const [, agent] = agentsOf(chance.pick(world.teams))
  const session = startAlone(world, agent, taskOf(world))
  for (let left = chance.between(1, 4); left > 0; left--) {
    yield chance.between(20 * SECOND, 10 * MINUTE)
    const through = chance.is(0.5) ? callTool(world, session, SECRETS_SERVER) : session
    yield 700
    retrieve(world, through, pathOf(world, agent))
  }
  const owner = colleagueOf(world, agent.team)
  if (owner !== undefined && chance.is(0.3)) {
    const name = `${agent.team}-${chance.hex(1)}`
    changeEnvironment(world, name, 'created', owner)
    const place = { ...STORE, path: previewPath(name) }
    takeOver(world, place, agent.team)
    declare(world, place, { purpose: 'a preview', environment: 'staging' })
    changeSecret(world, previewPath(name), 'written')
    yield MINUTE
    retrieve(world, session, previewPath(name))
    yield chance.between(5, 30) * MINUTE
    changeSecret(world, previewPath(name), 'destroyed')
    yield SECOND
    changeEnvironment(world, name, 'removed', owner)
  }
  yield 5 * MINUTE
  endSession(world, session)
}

/** Agents' secrets get new values every month. */
export function* storeRotation(world: World): Course {
  if (new Date(world.now).getUTCDate() !== 3) return
  for (const team of world.teams)
    for (const service of SERVICES.slice(0, PATHS)) {
      changeSecret(world, `agents/${team}/${service}`, 'rotated')
      yield SECOND
    }
}

/** Secrets of the store that a team's agents have. */
const PATHS = 4

/** Of the store, those of a team's agents. */
export function storePlaces(team: string): Place[] {
  return SERVICES.slice(0, PATHS).map((service) => ({ ...STORE, path: `agents/${team}/${service}` }))
}

function pathOf(world: World, { team }: Agent): string {
  return `agents/${team}/${world.chance.pick(SERVICES.slice(0, PATHS))}`
}

function taskOf(world: World): string {
  return `t-${world.chance.hex(1)}`
}

/** Somebody of the team, else of any, whose account is at the provider that the runtime trusts. */
function colleagueOf(world: World, team: string, but?: Person): Person | undefined {
  const here = world.people.filter((person) => person !== but && !isOfOkta(person))
  const own = here.filter((person) => person.team === team)
  const some = own.length > 0 ? own : here
  return some.length === 0 ? undefined : world.chance.pick(some)
}
