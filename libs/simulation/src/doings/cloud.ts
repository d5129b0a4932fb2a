import { stamp } from '../engine/time.js'
import { behindLogin, behindNothing } from '../oracle/behind.js'
import type { HeldKey } from '../oracle/held-key.js'
import { actorOf, pathOf, type Held } from '../oracle/held.js'
import { arnOf, type Slot } from '../organisation/credentials.js'
import type { Mount } from '../organisation/mounts.js'
import { callLine, identityOf, PROVIDER, webIdentity, type CloudCall } from '../records/aws.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'
import type { Attempt } from './runs.js'

const AGENT = 'aws-cli/2.31.0'
const CI: Mount = { point: `${PROVIDER}/`, type: 'jwt', accessor: '', role: '', issuer: 'github', claims: ['repository', 'run_id', 'run_attempt'], isDeclared: true } // prettier-ignore

/** A job takes a role by the token of its CI host. */
export function assumeRole(world: World, attempt: Attempt, address: string): HeldKey {
  const { repository, run, number } = attempt
  const role = { name: `ci-${repository.team}`, uniqueId: roleId(repository.team), since: world.now }
  const key = { id: `ASIA${world.chance.hex(2).toUpperCase()}`, role }
  const subject = `repo:${repository.name}:run_id:${run}:run_attempt:${number}`
  const isSeen = call(world, { service: 'sts', name: 'AssumeRoleWithWebIdentity', address, agent: AGENT, isRead: true, ...webIdentity(subject, key) }).isSeen // prettier-ignore
  const behind = behindLogin(world, { mount: CI, origin: attempt.origin, at: world.now, address, repositoryName: repository.name }) // prettier-ignore
  return { key, behind: isSeen ? behind : behindNothing(behind), address }
}

export function getSecretValue(world: World, held: HeldKey, slot: Slot, address = held.address): Noted {
  const request = `{"secretId":"${arnOf(slot)}","versionStage":"AWSCURRENT"}`
  const made = { service: 'secretsmanager', name: 'GetSecretValue', address, agent: AGENT, isRead: true, identity: identityOf(held.key), request, response: 'null' } // prettier-ignore
  const answered = call(world, made)
  if (answered.isSeen) tellTruth(world, held, answered.fact, slot, address)
  return answered
}

/** A new value by whoever holds the key. */
export function putSecretValue(world: World, held: HeldKey, slot: Slot): Noted {
  slot.version++
  slot.valueHash = world.chance.hex(8)
  const versionId = world.chance.id()
  const request = `{"secretId":"${arnOf(slot)}","clientRequestToken":"${versionId}"}`
  const response = `{"arn":"${arnOf(slot)}","name":"${slot.path}","versionId":"${versionId}"}`
  return call(world, { service: 'secretsmanager', name: 'PutSecretValue', address: held.address, agent: AGENT, isRead: false, identity: identityOf(held.key), request, response }) // prettier-ignore
}

/** An administrator makes, or withdraws, a user's lasting key. */
export function changeAccessKey(
  world: World,
  by: HeldKey,
  held: HeldKey,
  name: 'CreateAccessKey' | 'DeleteAccessKey',
): Noted {
  const user = held.key.user?.name ?? 'nobody'
  const isNew = name === 'CreateAccessKey'
  const request = isNew ? `{"userName":"${user}"}` : `{"userName":"${user}","accessKeyId":"${held.key.id}"}`
  const response = isNew
    ? `{"accessKey":{"userName":"${user}","accessKeyId":"${held.key.id}","status":"Active"}}`
    : 'null'
  return call(world, { service: 'iam', name, address: by.address, agent: AGENT, isRead: false, identity: identityOf(by.key), request, response }) // prettier-ignore
}

/** Any other call: a use of the key. */
export function use(
  world: World,
  held: HeldKey,
  service: string,
  name: string,
  address = held.address,
  error?: string,
): Noted {
  return call(world, { service, name, address, agent: AGENT, isRead: true, identity: identityOf(held.key), request: 'null', response: 'null', ...(error === undefined ? {} : { error }) }) // prettier-ignore
}

function call(world: World, made: Omit<CloudCall, 'id' | 'at'>): Noted {
  const id = world.chance.id()
  const isSeen = world.journal.write('cloudtrail.jsonl', world.now, callLine({ ...made, id, at: world.now }))
  return { fact: `aws-cloudtrail:${id}`, isSeen }
}

function tellTruth(world: World, { key, behind, address }: HeldKey, fact: string, slot: Slot, from: string): void {
  const held: Held = { token: { accessor: key.id, sent: '', inner: '', auth: '', isRoot: false }, behind, isHanded: false, address, agent: AGENT, isDead: false, isNamed: true } // prettier-ignore
  const use = { at: world.now, address: from, isDead: false }
  world.truths.tell({
    request_id: fact,
    fact,
    at: stamp(world.now),
    action: 'GetSecretValue',
    target: slot.path,
    hop: behind.hop,
    path: pathOf(held, use),
    actor: actorOf(held, use, world.skewMs),
  })
}

/** A role's unique id is made of its name, so that it need not be kept. */
function roleId(team: string): string {
  return `AROA${team
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, '')
    .padEnd(16, 'X')}`
}
