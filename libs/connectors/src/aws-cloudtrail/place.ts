import type { Target } from '@catena/domain'
import type { CloudEvent } from './record.js'

/** The parts of an ARN. */
interface Arn {
  readonly region: string
  readonly account: string
  /** All behind the fifth colon. */
  readonly resource: string
}

export function parseArn(text: string | undefined): Arn | undefined {
  const [, region, account, resource] = /^arn:[\w-]+:[\w-]+:([\w-]*):(\d*):(.+)$/.exec(text ?? '') ?? []
  return region === undefined || account === undefined || resource === undefined
    ? undefined
    : { region, account, resource }
}

/**
 * A credential of an account: service and region contain it, its name is the path. The account that owns it is the system, whichever
 * trail tells of it.
 */
export function placeOf(event: CloudEvent, service: string, path: string, arn?: Arn): Target {
  const region = arn?.region ?? event.region
  const account = arn?.account ?? event.account
  const container = region === undefined || region === '' ? service : `${service}/${region}`
  return {
    system: `aws/${account ?? 'unknown'}`,
    ...(account === undefined ? {} : { container }),
    containerName: `${container}/`,
    path,
  }
}
