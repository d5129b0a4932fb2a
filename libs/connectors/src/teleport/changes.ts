import { text } from '@catena/domain'
import { named } from '../parsing.js'
import { presentCaller } from './sessions.js'
import type { Context, Told } from './told.js'

/** Roles, connectors, tokens, devices and the like were changed by somebody. */
export function change(context: Context): Told {
  const { payload, event } = context
  presentCaller(context)
  return { attributes: { action: event.slice(event.lastIndexOf('.') + 1), resourceName: text(payload.name) } }
}

/** An account of Teleport's own, of a person or a bot. */
export function user({ payload, groups, event, outcome }: Context): Told {
  const name = text(payload.name)
  groups.mention('changed', 'account', event.startsWith('bot.') && name !== undefined ? `bot-${name}` : name)
  groups.present('caller', 'account', named(payload.user))
  const isGone = event.endsWith('.delete') && outcome === 'succeeded'
  return { attributes: { username: name, deleted: isGone ? true : undefined, authMethod: text(payload.connector) } }
}

/** A workload was given an identity of the SPIFFE form. */
export function svid(context: Context): Told {
  const { payload, groups } = context
  presentCaller(context)
  groups.mention('workload', 'spiffe-id', text(payload.spiffe_id))
  return {
    attributes: {
      issuedTokenType: text(payload.svid_type),
      workload: text(payload.spiffe_id),
      serialNumber: text(payload.serial_number),
    },
  }
}
