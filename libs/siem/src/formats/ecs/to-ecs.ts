import { formatInstant, type Instant } from '@catena/domain'
import type { FeedContent, FeedEvent } from '../../feed/event.js'
import { nameOfCredential, namesOfCredentials } from '../../feed/phrases.js'
import type { Format } from '../format.js'
import { ipOf } from '../ocsf/objects.js'
import { ECS_CATEGORIES } from './categories.js'

const ECS_VERSION = '9.0.0'
const OUTCOMES = { succeeded: 'success', denied: 'failure', failed: 'failure', unknown: 'unknown' } as const

/** https://www.elastic.co/docs/reference/ecs. What ECS has no field for stands under `labels`, as texts. */
export const ECS: Format = {
  name: 'ecs',
  version: ECS_VERSION,
  contentType: 'application/json',
  render: (event, sentAt) => JSON.stringify(toEcs(event, sentAt)),
}

export function toEcs(event: FeedEvent, sentAt: Instant): object {
  const { content } = event
  const address = ipOf(content.details?.['remoteAddress'])
  const { actor, subject, group, credential } = content
  return {
    '@timestamp': formatInstant(content.occurredAt),
    ecs: { version: ECS_VERSION },
    event: eventOf(event, sentAt),
    message: content.summary,
    observer: { vendor: 'Catena', product: 'Catena', type: 'audit' },
    ...userOf(content),
    ...(group === undefined ? {} : { group: named(group) }),
    ...(address === undefined ? {} : { source: { ip: address } }),
    ...(credential === undefined ? {} : { service: { name: credential.system } }),
    ...relatedOf([actor?.name, subject?.name]),
    ...(content.kind.startsWith('finding-') ? { rule: { name: content.type } } : {}),
    labels: labelsOf(event),
  }
}

function eventOf({ id, sequence, hash, recordedAt, content }: FeedEvent, sentAt: Instant): object {
  const { kind = 'event', category, type } = ECS_CATEGORIES[content.kind]
  const isRefused = content.outcome === 'denied' && DENIABLE.includes(category)
  return {
    id,
    sequence,
    kind,
    category: [category],
    type: isRefused && !type.includes('denied') ? [...type, 'denied'] : type,
    outcome: OUTCOMES[content.outcome],
    action: content.kind,
    code: content.type,
    severity: content.severity,
    provider: content.source,
    module: 'catena',
    dataset: 'catena.feed',
    reference: content.reference,
    hash,
    created: formatInstant(recordedAt),
    ingested: formatInstant(sentAt),
    ...(content.actor?.reason === undefined ? {} : { reason: content.actor.reason }),
  }
}

/** Categories that ECS lets be denied. */
const DENIABLE: readonly string[] = ['api']

function userOf({ actor, subject }: FeedContent): object {
  const target = subject === undefined ? {} : { target: named(subject) }
  if (actor?.name === undefined) return subject === undefined ? {} : { user: target }
  return { user: { ...named(actor), ...target } }
}

function named({ id, name }: { readonly id?: string; readonly name?: string }): object {
  return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) }
}

function relatedOf(names: readonly (string | undefined)[]): object {
  const known = [...new Set(names.filter((name) => name !== undefined))]
  return known.length === 0 ? {} : { related: { user: known } }
}

function labelsOf({ revision, content }: FeedEvent): Record<string, string> {
  const { actor, chain, credential, credentialCandidates: candidates, entity, details, dropped } = content
  const labels: Record<string, string> = { revision: String(revision) }
  if (actor !== undefined) Object.assign(labels, { actor_state: actor.state, actor_kind: actor.kind })
  if (actor?.candidates !== undefined) labels['actor_candidates'] = actor.candidates.join(', ')
  if (actor?.shownAs !== undefined) labels['actor_shown_as'] = actor.shownAs
  if (chain !== undefined) Object.assign(labels, chainLabels(chain))
  if (credential !== undefined) labels['credential'] = nameOfCredential(credential)
  if (credential?.id !== undefined) labels['credential_id'] = credential.id
  if (candidates !== undefined) labels['credential_candidates'] = namesOfCredentials(candidates)
  if (entity !== undefined) Object.assign(labels, { entity_type: entity.type, entity: entity.name ?? entity.id ?? '' })
  for (const [name, value] of Object.entries(details ?? {})) labels[`detail_${name.toLowerCase()}`] = value
  if (dropped !== undefined) labels['dropped'] = dropped.join(', ')
  return labels
}

function chainLabels({ path, right, effect, end, caveats }: NonNullable<FeedContent['chain']>): Record<string, string> {
  return {
    path_state: path.state,
    ...(path.reason === undefined ? {} : { path_reason: path.reason }),
    right_state: right.state,
    effect_state: effect.state,
    end_state: end.state,
    ...(path.through === undefined ? {} : { through: path.through }),
    ...(caveats.length === 0 ? {} : { caveats: caveats.join(', ') }),
    ...(path.links.length === 0 ? {} : { links: path.links.map((link) => `${link.state}: ${link.words}`).join('; ') }),
  }
}
