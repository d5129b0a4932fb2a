import type { FeedContent, FeedEvent } from '../../feed/event.js'
import type { FeedKind, Severity } from '../../feed/kinds.js'
import { nameOfCredential, namesOfCredentials } from '../../feed/phrases.js'
import type { Format } from '../format.js'
import { ipOf } from '../ocsf/objects.js'
import { cutText, escapeHeader, escapeValue } from './escape.js'

const CEF_SEVERITIES: Readonly<Record<Severity, number>> = { 1: 1, 2: 3, 3: 5, 4: 8, 5: 10 }
/** Version of the events, not of the program: a new meaning is a new version. */
const DEVICE_VERSION = '1'

/** What kinds are called in the header of CEF: short and for people. */
export const CEF_NAMES: Readonly<Partial<Record<FeedKind, string>>> = {
  'credential-used-by-ci': 'Credential used by CI',
  'events-undelivered': 'Events could not be delivered',
}

/** ArcSight Common Event Format, revision 0 of the syntax; keys of its producer dictionary. */
export const CEF: Format = {
  name: 'cef',
  version: '0',
  contentType: 'text/plain',
  render: (event) => toCef(event),
}

export function toCef(event: FeedEvent): string {
  const { kind, severity } = event.content
  const header = ['CEF:0', 'Catena', 'Catena', DEVICE_VERSION, kind, nameOf(kind), CEF_SEVERITIES[severity]]
  return `${header.map((field, index) => (index === 0 ? field : escapeHeader(String(field)))).join('|')}|${extension(event)}`
}

function nameOf(kind: FeedKind): string {
  const words = kind.replaceAll('-', ' ')
  return CEF_NAMES[kind] ?? `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}

/** Longest values, in code points, of the dictionary's keys that are used. */
const LENGTHS: Readonly<Record<string, number>> = {
  externalId: 40,
  act: 63,
  outcome: 63,
  suser: 1023,
  suid: 1023,
  duser: 1023,
  duid: 1023,
  filePath: 1023,
  cat: 1023,
  reason: 1023,
  msg: 1023,
}
/** Of the custom strings. */
const CUSTOM_LENGTH = 4000

/** Only what has a value; no custom field without its label. What had to be cut is named in flexString1. */
function extension(event: FeedEvent): string {
  const cut: string[] = []
  const pairs = fieldsOf(event).flatMap(([key, value = '', label]) => {
    const short = cutText(String(value), LENGTHS[key] ?? CUSTOM_LENGTH)
    const escaped = escapeValue(short.text)
    // Parsers refuse a whole line for an empty value.
    if (escaped === '') return []
    if (short.isCut) cut.push(key)
    return label === undefined ? [`${key}=${escaped}`] : [`${key}Label=${label}`, `${key}=${escaped}`]
  })
  if (cut.length > 0) pairs.push('flexString1Label=cut', `flexString1=${cut.join(',')}`)
  return pairs.join(' ')
}

type Field = readonly [key: string, value: string | number | undefined, label?: string]

function fieldsOf({ id, sequence, revision, recordedAt, content }: FeedEvent): Field[] {
  const { actor, subject, credential, entity, chain, details } = content
  return [
    ['rt', Math.floor(content.occurredAt)],
    ['externalId', id],
    ['cat', content.kind],
    ['act', content.type],
    ['outcome', content.outcome],
    ['suser', actor?.name],
    ['suid', actor?.name === undefined ? undefined : actor.id],
    ['duser', subject?.name],
    ['duid', subject?.id],
    ['src', ipOf(details?.['remoteAddress'])?.includes(':') === false ? details?.['remoteAddress'] : undefined],
    ['filePath', credential === undefined ? undefined : nameOfCredential(credential)],
    ['reason', reasonOf(content)],
    ['cn1', sequence, 'seq'],
    ['cn2', revision, 'revision'],
    ['cs1', actor?.state, 'actorState'],
    ['cs2', chain === undefined ? undefined : statesOf(chain), 'chain'],
    credentialField(content),
    ['cs4', actor?.candidates?.join(', '), 'actorCandidates'],
    ['cs5', content.source, 'source'],
    ['cs6', content.reference, 'reference'],
    ['flexString2', entity === undefined ? undefined : `${entity.type}: ${entity.name ?? entity.id ?? ''}`, 'entity'],
    ['deviceCustomDate1', Math.floor(recordedAt), 'recorded'],
    ['msg', content.summary],
  ]
}

function credentialField({ credential, credentialCandidates, entity }: FeedContent): Field {
  const id = credential?.id ?? (entity?.type === 'credential' ? entity.id : undefined)
  if (id !== undefined || credentialCandidates === undefined) return ['cs3', id, 'credentialId']
  return ['cs3', namesOfCredentials(credentialCandidates), 'credentialCandidates']
}

function reasonOf({ actor, details, dropped }: FeedContent): string | undefined {
  if (dropped !== undefined) return `${dropped.join(', ')} left out: too large`
  return actor?.reason ?? details?.['reason'] ?? details?.['error']
}

/** `path proven, actor inferred, right missing, effect proven, end missing; caveats: …` */
function statesOf({ path, actor, right, effect, end, caveats }: NonNullable<FeedContent['chain']>): string {
  const states = `path ${path.state}, actor ${actor.state}, right ${right.state}, effect ${effect.state}, end ${end.state}`
  return caveats.length === 0 ? states : `${states}; caveats: ${caveats.join(', ')}`
}
