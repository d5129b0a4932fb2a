import type { Activity, SourceInstance, StoredRecord } from '@catena/domain'
import { groupEnd, membership, person } from './directory.js'
import { readEvent } from './event.js'
import { eventTypeOf, type Concern } from './event-types.js'
import { activityOf, type Context, type Told } from './facts.js'
import { approval, configuration, credential, privileged } from './governance.js'
import { login, logout, throughSession } from './session.js'

const READERS: Readonly<Record<Concern, (context: Context) => Told>> = {
  login,
  logout,
  'through-session': throughSession,
  person,
  membership,
  'group-end': groupEnd,
  credential,
  privileged,
  approval,
  configuration,
}

export function interpretOkta(record: StoredRecord, source: SourceInstance): Activity {
  const context = { record, source, event: readEvent(record) }
  const known = eventTypeOf(record.type)
  if (known === undefined) return activityOf(context, 'unclassified', {})
  return activityOf(context, known.kind, READERS[known.concern](context))
}
