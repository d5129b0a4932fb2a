import { assumeRole, getSecretValue } from '../../libs/simulation/src/doings/cloud.js'
import { logInFleet, logInPerson, logInRun } from '../../libs/simulation/src/doings/logins.js'
import { finishAttempt, startAttempt, type Attempt } from '../../libs/simulation/src/doings/runs.js'
import { signIn } from '../../libs/simulation/src/doings/sessions.js'
import { readSecret, revokeSelf, type How } from '../../libs/simulation/src/doings/tokens.js'
import { rotate } from '../../libs/simulation/src/lives/rotation.js'
import type { Held } from '../../libs/simulation/src/oracle/held.js'
import { CHIEF, MINUTE, namedKey, type Decision, type Person, type Repository, type Secret, type Story, type Voice } from './story.js' // prettier-ignore

/** Where jobs run. */
const JOB_ADDRESS = '10.40.9.17'

export type Wait<T = void> = Generator<number, T, void>

const ON_CREDENTIAL = '{ ... on CredentialDecided { position } ... on Refused { code message } }'
const ON_SHARING = '{ ... on SharingDecided { id status position } ... on Refused { code message } }'
const ON_LIST = '{ ... on RulesPublished { version } ... on Refused { code message } }'

/** Signs in and logs in to the vault. */
export function* enters({ world }: Story, person: Person): Wait<Held> {
  const session = signIn(world, person, 'vault')
  yield 2_000
  const held = logInPerson(world, session)
  yield MINUTE
  return held
}

/** Comes, reads, gives the token back. */
export function* reads(story: Story, person: Person, secret: Secret, how: How = {}): Wait {
  const held = yield* enters(story, person)
  readSecret(story.world, held, secret.slot, how)
  yield MINUTE
  revokeSelf(story.world, held)
  yield MINUTE
}

/** A job of the repository reads it. */
export function* deploys(story: Story, by: Person, repository: Repository, secret: Secret, environment?: string): Wait {
  yield* runs(story, by, { repository, environment }, function* (attempt) {
    const held = logInRun(story.world, attempt, JOB_ADDRESS)
    yield 5_000
    readSecret(story.world, held, secret.slot)
  })
}

/** A job of the repository reads it from the cloud, whose role it takes. */
export function* deploysInCloud(story: Story, by: Person, repository: Repository, secret: Secret): Wait {
  yield* runs(story, by, { repository, environment: undefined }, function* (attempt) {
    const key = assumeRole(story.world, attempt, JOB_ADDRESS)
    yield 5_000
    getSecretValue(story.world, key, secret.slot)
  })
}

/** A job begins, does its work, and ends. */
function* runs(
  { world }: Story,
  by: Person,
  of: { readonly repository: Repository; readonly environment: string | undefined },
  work: (attempt: Attempt) => Wait,
): Wait {
  const attempt = startAttempt(world, { ...of, by, lastsMs: 6 * MINUTE })
  yield MINUTE
  yield* work(attempt)
  yield attempt.endsAt - world.now
  finishAttempt(world, attempt)
}

/** A machine reads it by the role that all of them hold. */
export function* serves({ world }: Story, role: string, address: string, secret: Secret): Wait {
  const held = logInFleet(world, role, address)
  yield 5_000
  readSecret(world, held, secret.slot)
}

/** It gets a new value. */
export function* rotates({ world }: Story, secret: Secret): Wait {
  yield* rotate(world, [secret.slot])
}

/** Something is said of one credential: a mutation with its arguments but the credential. */
export function says(story: Story, by: Voice, mutation: string, { id }: Secret, more = ''): Decision {
  return story.decides(by, () => `${mutation}(credential: "${id}" ${more}) ${ON_CREDENTIAL}`)
}

export function owns(story: Story, secret: Secret, owner: Pick<Voice, 'key' | 'name'>): Decision {
  return says(story, CHIEF, 'assignOwner', secret, `owner: "${owner.key}", name: "${owner.name}"`)
}

/** A decision of the sharing workflow: a mutation with its arguments. */
export function shares(story: Story, by: Voice, mutation: () => string): Decision {
  return story.decides(by, () => `${mutation()} ${ON_SHARING}`)
}

export function publishes(story: Story, mutation: () => string): Decision {
  return story.decides(CHIEF, () => `${mutation()} ${ON_LIST}`)
}

/** Asks for access to it, for somebody or for a role. */
export function asks(
  story: Story,
  by: Voice,
  { id }: Secret,
  more: { to: Pick<Voice, 'key' | 'name'>; toRole?: boolean; until?: number },
): Decision {
  const { to, toRole = false, until } = more
  const end = until === undefined ? '' : `, until: "${iso(until)}"`
  return shares(story, by, () => `requestAccess(request: { credentials: ["${id}"], to: ${namedKey(to)}, toRole: ${toRole}, reason: "refunds", scope: "refunds" ${end} })`) // prettier-ignore
}

export function approves(story: Story, by: Voice, asked: Decision): Decision {
  return shares(story, by, () => `approveAccess(id: "${asked.answer?.id}")`)
}

export function iso(at: number): string {
  return new Date(at).toISOString()
}
