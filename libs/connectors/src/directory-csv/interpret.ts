import {
  issuerScope,
  list,
  makeKey,
  parseInstant,
  text,
  type Activity,
  type Attributes,
  type Instant,
  type Json,
  type Key,
  type KeyGroup,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
import { inMergeOrder, keyGroup, withoutUnstated } from '../observation.js'
import { isKey } from './rows.js'

/** Dates are whole days. */
const DAY_MS = 86_400_000

export function interpretRow(record: StoredRecord, source: SourceInstance): Activity {
  const told =
    record.payload.row === 'person'
      ? person(record, source)
      : record.payload.row === 'workload'
        ? workload(record, source)
        : undefined
  return {
    factId: `directory-csv:${source.scope}:${record.recordId}`,
    source: source.id,
    kind: told?.kind ?? 'unclassified',
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: 0,
    outcome: told === undefined ? 'unknown' : 'succeeded',
    groups: inMergeOrder(told?.groups ?? []),
    attributes:
      told === undefined ? {} : withoutUnstated({ ...told.attributes, snapshot: true, statedAt: record.occurredAt }),
    conflicts: [],
    positions: [record.position],
  }
}

interface Told {
  readonly kind: Activity['kind']
  readonly groups: KeyGroup[]
  readonly attributes: Attributes
}

/** A column that the file has and the row leaves empty states that there is none. */
function person({ payload, position }: StoredRecord, source: SourceInstance): Told | undefined {
  const id = text(payload.id)
  if (id === undefined) return undefined
  const key = keyIn(source)
  const [name, email] = [text(payload.user_name), text(payload.email)]
  const groups = textsIn(payload.groups)
  const describes = { verb: 'describes' } as const
  const relates = { verb: 'relates' } as const
  return {
    kind: 'person-observed',
    groups: [
      ...keyGroup({ role: 'person', ...describes }, key('person', id), position),
      ...keyGroup(
        { role: 'name', ...describes },
        name === undefined ? undefined : key('person-name', name.toLowerCase()),
        position,
      ),
      ...keyGroup(
        { role: 'email', ...describes },
        email === undefined ? undefined : key('person-email', email.toLowerCase()),
        position,
      ),
      ...groups.flatMap((group) => [
        ...keyGroup({ role: `group-${group}`, ...relates }, key('group', group), position),
        ...keyGroup({ role: `group-name-${group}`, ...relates }, key('group-name', group.toLowerCase()), position),
      ]),
      ...textsIn(payload.same_as)
        .filter(isKey)
        .flatMap((other) => keyGroup({ role: `same-${other}`, ...relates }, other, position)),
    ],
    attributes: {
      userId: id,
      username: name,
      email: stated(payload.email),
      displayName: stated(payload.display_name),
      department: stated(payload.department),
      title: stated(payload.title),
      manager: payload.manager === undefined ? undefined : (managerIn(payload.manager, key) ?? null),
      employment: text(payload.employment),
      startsAt: dayIn(payload.start_date, 0),
      endsAt: dayIn(payload.end_date, DAY_MS),
      allGroups: payload.groups === undefined ? undefined : true,
      groupNames:
        groups.length === 0 ? undefined : Object.fromEntries(groups.map((group) => [key('group', group), group])),
      sameAs: payload.same_as === undefined ? undefined : textsIn(payload.same_as).filter(isKey),
    },
  }
}

function workload({ payload, position }: StoredRecord, source: SourceInstance): Told | undefined {
  const workload = text(payload.workload)
  if (workload === undefined || !isKey(workload)) return undefined
  const key = keyIn(source)
  const sponsors = textsIn(payload.sponsors).map((id) => key('person', id))
  const relates = { verb: 'relates' } as const
  return {
    kind: 'sponsor-observed',
    groups: [
      ...keyGroup({ role: 'workload', ...relates }, workload, position),
      ...sponsors.flatMap((sponsor) => keyGroup({ role: `sponsor-${sponsor}`, ...relates }, sponsor, position)),
    ],
    attributes: { sponsors, startsAt: dayIn(payload.start_date, 0), endsAt: dayIn(payload.end_date, DAY_MS) },
  }
}

type MakeKey = (namespace: 'person' | 'person-name' | 'person-email' | 'group' | 'group-name', value: string) => Key

function keyIn(source: SourceInstance): MakeKey {
  return (namespace, value) => makeKey(namespace, issuerScope('directory-csv', source.scope), value)
}

function managerIn(value: Json, key: MakeKey): Key | undefined {
  const id = text(value)
  return id === undefined || id === '' ? undefined : key('person', id)
}

/** A last day counts to its end. */
function dayIn(value: Json | undefined, plusMs: number): Instant | null | undefined {
  if (value === undefined) return undefined
  const day = parseInstant(`${text(value) ?? ''}T00:00:00Z`)
  return day === undefined ? null : day + plusMs
}

function stated(value: Json | undefined): string | null | undefined {
  return value === undefined ? undefined : (text(value) ?? null)
}

function textsIn(value: Json | undefined): string[] {
  return [
    ...new Set(
      list(value ?? [])
        .map(text)
        .filter((each) => each !== undefined && each !== ''),
    ),
  ] as string[]
}
