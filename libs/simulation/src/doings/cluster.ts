import { seconds, stamp } from '../engine/time.js'
import { NOBODY, same } from '../oracle/aspect.js'
import type { Slot } from '../organisation/credentials.js'
import { DATACENTRE } from '../organisation/names.js'
import { eventLine, nodeUser, podUser, type ClusterRequest, type Pod } from '../records/kubernetes.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'

export const CLUSTER = 'marlin-prod'

/** A pod starts: its node asks for a token in its name. */
export function startPod(world: World, namespace: string, account: string): Pod & { readonly isSeen: boolean } {
  const { chance } = world
  const node = `node-${1 + chance.between(0, 9)}`
  const pod: Pod = { namespace, account, accountUid: uidOf(`${namespace}/${account}`), name: `${account}-${chance.hex(1).slice(0, 4)}`, uid: chance.id(), node, address: `${DATACENTRE}.9.${chance.between(1, 200)}`, token: chance.id() } // prettier-ignore
  const more =
    `,"requestObject":{"kind":"TokenRequest","spec":{"audiences":["https://kubernetes.default.svc"],"expirationSeconds":3607,"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"${pod.name}","uid":"${pod.uid}"}}},` +
    `"responseObject":{"kind":"TokenRequest","status":{"expirationTimestamp":"${seconds(world.now + 3_607_000)}"}}`
  const isSeen = request(world, {
    verb: 'create',
    uri: `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
    user: nodeUser(node),
    object: `{"resource":"serviceaccounts","apiVersion":"v1","namespace":"${namespace}","name":"${account}","subresource":"token"}`,
    address: pod.address,
    agent: 'kubelet/v1.33',
    code: 201,
    level: 'RequestResponse',
    annotations: `,"authentication.kubernetes.io/issued-credential-id":"JTI=${pod.token}"`,
    more,
  }).isSeen
  return { ...pod, isSeen }
}

/** A pod reads a secret by the token that its node asked for: whoever runs in it did not log in. */
export function readClusterSecret(world: World, pod: Pod & { readonly isSeen: boolean }, slot: Slot): Noted {
  const [namespace = '', name = ''] = slot.path.split('/')
  const answered = request(world, {
    verb: 'get',
    uri: `/api/v1/namespaces/${namespace}/secrets/${name}`,
    user: podUser(pod),
    object: `{"resource":"secrets","apiVersion":"v1","namespace":"${namespace}","name":"${name}"}`,
    address: pod.address,
    agent: `${pod.account}/1.4`,
    code: 200,
    annotations: `,"authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \\"${pod.account}/${namespace}\\" of Role \\"secret-reader\\" to ServiceAccount \\"${pod.account}/${namespace}\\""`,
  })
  if (answered.isSeen)
    world.truths.tell({
      request_id: answered.fact,
      fact: answered.fact,
      at: stamp(world.now),
      action: 'get secret',
      target: slot.path,
      hop: 'kubernetes pod token',
      path: pod.isSeen ? same('proven') : NOBODY,
      actor: NOBODY,
    })
  return answered
}

/** Something looks whether the cluster answers. */
export function probe(world: World): Noted {
  return request(world, {
    verb: 'get',
    uri: '/api/v1/namespaces/kube-system/configmaps/probe',
    user: '{"username":"system:serviceaccount:monitoring:probe","uid":"4f1c2d3e-0000-4000-8000-000000000778","groups":["system:serviceaccounts"]}',
    object: '{"resource":"configmaps","apiVersion":"v1","namespace":"kube-system","name":"probe"}',
    address: `${DATACENTRE}.9.8`,
    agent: 'probe/1.0',
    code: 200,
  })
}

function request(world: World, made: Omit<ClusterRequest, 'id' | 'at'>): Noted {
  const id = world.chance.id()
  const at = world.now
  const isSeen = world.journal.write('kubernetes-audit.log', at, eventLine({ ...made, id, at }))
  return { fact: `kubernetes:${CLUSTER}:${id}@${stamp(at)}`, isSeen }
}

/** An account's uid is made of its name, so that it need not be kept. */
function uidOf(name: string): string {
  let sum = 7
  for (const letter of name) sum = (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0
  return `${sum.toString(16).padStart(8, '0')}-0000-4000-8000-000000000001`
}
