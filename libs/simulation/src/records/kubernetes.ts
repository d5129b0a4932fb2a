import { stamp } from '../engine/time.js'

export interface Pod {
  readonly namespace: string
  readonly account: string
  readonly accountUid: string
  readonly name: string
  readonly uid: string
  readonly node: string
  readonly address: string
  /** Credential id of its token. */
  readonly token: string
}

export interface ClusterRequest {
  readonly id: string
  readonly at: number
  readonly verb: string
  readonly uri: string
  /** JSON of `user` and of `objectRef`. */
  readonly user: string
  readonly object: string
  readonly address: string
  readonly agent: string
  readonly code: number
  readonly level?: 'Metadata' | 'RequestResponse'
  readonly annotations?: string
  /** More members, as JSON behind a comma. */
  readonly more?: string
}

export function eventLine(request: ClusterRequest): string {
  const { id, at, code } = request
  const decision = code === 403 ? 'forbid' : 'allow'
  return (
    `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"${request.level ?? 'Metadata'}","auditID":"${id}","stage":"ResponseComplete",` +
    `"requestURI":"${request.uri}","verb":"${request.verb}","user":${request.user},"sourceIPs":["${request.address}"],` +
    `"userAgent":"${request.agent}","objectRef":${request.object},"responseStatus":{"metadata":{},"code":${code}},` +
    `"requestReceivedTimestamp":"${stamp(at)}","stageTimestamp":"${stamp(at + 4)}",` +
    `"annotations":{"authorization.k8s.io/decision":"${decision}"${request.annotations ?? ''}}${request.more ?? ''}}`
  )
}

export function podUser({ namespace, account, accountUid, name, uid, node, token }: Pod): string {
  return (
    `{"username":"system:serviceaccount:${namespace}:${account}","uid":"${accountUid}","groups":["system:serviceaccounts","system:authenticated"],` +
    `"extra":{"authentication.kubernetes.io/pod-name":["${name}"],"authentication.kubernetes.io/pod-uid":["${uid}"],` +
    `"authentication.kubernetes.io/node-name":["${node}"],"authentication.kubernetes.io/credential-id":["JTI=${token}"]}}`
  )
}

export function nodeUser(node: string): string {
  return `{"username":"system:node:${node}","groups":["system:nodes","system:authenticated"],"extra":{"authentication.kubernetes.io/credential-id":["X509SHA256=${node}00bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"]}}`
}
