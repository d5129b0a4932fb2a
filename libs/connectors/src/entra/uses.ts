import { text, type Outcome } from '@catena/domain'
import { idAt } from './record.js'
import { MICROSOFT, type Context, type Told } from './told.js'

/** A request to Microsoft Graph: a use of the token whose id it carries. */
export function tellGraphRequest({ body, groups }: Context): Told {
  groups.present('caller', 'entra-token', text(body.signInActivityId), MICROSOFT)
  groups.mention('person', 'person', idAt(body, 'userId'))
  groups.mention('principal', 'entra-principal', idAt(body, 'servicePrincipalId'), MICROSOFT)
  return {
    kind: 'operation',
    outcome: outcomeOf(Number(text(body.responseStatusCode))),
    attributes: {
      operation: text(body.requestMethod),
      path: text(body.requestUri),
      requestId: text(body.requestId),
      address: text(body.ipAddress),
      userAgent: text(body.userAgent),
      clientId: text(body.appId),
      entityId: idAt(body, 'userId') ?? idAt(body, 'servicePrincipalId'),
      displayName: idAt(body, 'userId') ?? idAt(body, 'servicePrincipalId'),
      callerOrigin: text(body.signInActivityId) === undefined ? 'unrecorded' : undefined,
    },
  }
}

function outcomeOf(status: number): Outcome {
  if (Number.isNaN(status)) return 'unknown'
  if (status < 400) return 'succeeded'
  return status === 401 || status === 403 ? 'denied' : 'failed'
}

/** Detections; of them only found credentials tell of a secret. */
export function tellRisk({ body, groups }: Context): Told {
  groups.mention('person', 'person', idAt(body, 'userId'))
  groups.mention('principal', 'entra-principal', idAt(body, 'servicePrincipalId'), MICROSOFT)
  const risk = text(body.riskEventType)
  return {
    kind: risk === 'leakedCredentials' ? 'exposure-reported' : 'operation',
    outcome: 'succeeded',
    attributes: {
      riskEvent: risk,
      riskLevel: text(body.riskLevel),
      riskState: text(body.riskState),
      userId: idAt(body, 'userId'),
      username: text(body.userPrincipalName),
      address: text(body.ipAddress),
    },
  }
}
