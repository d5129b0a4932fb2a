import { stamp } from '../engine/time.js'
import { ORGANISATION } from '../organisation/names.js'

/** Part of the organisation that sends events of Catena's profile. */
export type Sender = 'runtime' | 'store' | 'deployments' | 'tickets'

export interface ProfileEvent {
  readonly id: string
  readonly at: number
  readonly sender: Sender
  /** Without `catena.` and version. */
  readonly type: string
  readonly data: object
}

export function eventLine({ id, at, sender, type, data }: ProfileEvent): string {
  return (
    `{"specversion":"1.0","id":"${id}","source":"${addressOf(sender)}","type":"catena.${type}.v1","time":"${stamp(at)}",` +
    `"datacontenttype":"application/json","data":${JSON.stringify(data)}}`
  )
}

export function addressOf(sender: Sender): string {
  return `https://${sender}.${ORGANISATION}.example`
}
