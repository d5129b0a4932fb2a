import type { FeedContent, FeedEvent } from '../../feed/event.js'
import { COMPLIANCE, VERDICTS, type OcsfClassUid } from './classes.js'
import { actorObject, actorUser, credentialResource, managedEntity, partyUser, sourceEndpoint, type Json } from './objects.js' // prettier-ignore

/** What a class requires beside the base of all events. */
export const CLASS_PARTS: Readonly<Record<OcsfClassUid, (event: FeedEvent) => Json>> = {
  2003: (event) => ({ compliance: compliance(event.content), finding_info: findingInfo(event), resources: resources(event.content) }),
  2004: (event) => ({ finding_info: findingInfo(event), resources: resources(event.content), is_alert: event.content.severity >= 3 }),
  2008: (event) => ({ finding_info: findingInfo(event), ...analysis(event.content), resources: resources(event.content) }),
  3002: ({ content }) => ({ user: authenticated(content), service: { name: content.source }, session: session(content), actor: actorObject(content), src_endpoint: sourceEndpoint(content) }),
  3003: ({ content }) => ({ user: subject(content), privileges: privileges(content), actor: actorObject(content) }),
  3004: ({ content }) => ({ entity: managedEntity(content), actor: actorObject(content) }),
  3005: ({ content }) => ({ user: subject(content), privileges: privileges(content), actor: actorObject(content), resources: resources(content) }),
  3006: ({ content }) => ({ group: partyUser(content.group), user: partyUser(content.subject), actor: actorObject(content) }),
  6001: ({ content }) => ({ web_resources: [{ name: content.entity?.name ?? content.reference, type: content.entity?.type ?? 'Report' }], actor: actorObject(content) }),
  6002: () => ({ app: { name: 'Catena' } }),
  6003: ({ content }) => ({ actor: actorObject(content), api: api(content), src_endpoint: sourceEndpoint(content), resources: resources(content) }),
  6008: () => ({}),
} // prettier-ignore

/** Whoever was to be authenticated: of a refused login the account that was tried, which says nothing of who tried. */
function authenticated(content: FeedContent): Json {
  const { actor, kind } = content
  return kind === 'login' && actor?.name === undefined && actor?.shownAs !== undefined
    ? { name: actor.shownAs, type_id: 0, type: 'Unknown' }
    : actorUser(actor)
}

function subject({ subject: party, actor }: FeedContent): Json {
  return party === undefined ? actorUser(actor) : partyUser(party)
}

function session({ chain }: FeedContent): Json | undefined {
  return chain?.path.through === undefined ? undefined : { uid: chain.path.through }
}

function privileges({ details, type }: FeedContent): string[] {
  return [details?.['scope'] ?? details?.['role'] ?? type]
}

function api({ type, credential, source }: FeedContent): Json {
  return { operation: type, service: { name: credential?.system ?? source } }
}

function resources({ credential }: FeedContent): Json[] | undefined {
  return credential === undefined ? undefined : [credentialResource(credential)]
}

function findingInfo({ id, content }: FeedEvent): Json {
  return {
    uid: id,
    title: content.type,
    desc: content.summary,
    types: [content.kind],
    created_time: Math.floor(content.occurredAt),
    related_events: content.related?.map((uid) => ({ uid })),
  }
}

function compliance({ kind, details, type }: FeedContent): Json {
  const [statusId, status] = COMPLIANCE[kind] ?? VERDICTS[details?.['verdict'] ?? 'unknown'] ?? [0, 'Unknown']
  return { control: details?.['control'] ?? type, status_id: statusId, status }
}

function analysis({ kind, subject: party, occurredAt }: FeedContent): Json {
  return kind === 'credential-over-shared'
    ? { access_analysis_result: { accessors: [partyUser(party)] } }
    : { identity_activity_metrics: { last_seen_time: Math.floor(occurredAt) } }
}
