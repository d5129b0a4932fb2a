import { textAt, type Target } from '@catena/domain'
import { callerOf, GOOGLE, keyIn } from './caller.js'
import type { Context, Told } from './told.js'

/** A key of a service account lasts until it is deleted. Whoever had it made does not hold it for that. */
export function accountKey({ payload, name, outcome, groups, system }: Context): Told {
  const named = ['response.name', 'request.name', 'resourceName'].map((path) => keyIn(slashed(textAt(payload, path))))
  const key = named.find((one) => one !== undefined)
  const account = accountIn(payload)
  const isMade = name === 'CreateServiceAccountKey' || name === 'UploadServiceAccountKey'
  if (outcome === 'succeeded') {
    if (isMade) groups.handOver('issued', 'google-account-key', key, GOOGLE)
    // A key that is disabled can be enabled again.
    else if (name === 'DeleteServiceAccountKey') groups.end('key', 'google-account-key', key, GOOGLE)
    else groups.mention('key', 'google-account-key', key, GOOGLE)
  }
  return {
    target: targetOf(system, account, 'keys'),
    attributes: { action: name, account, issuedTokenType: isMade ? 'service account key' : undefined },
  }
}

/** A token of a service account was made, or something signed in its name. No record shows an id of the token. */
export function token({ payload, name, system }: Context): Told {
  const account = accountIn(payload)
  return {
    target: targetOf(system, account, 'tokens'),
    attributes: { action: name, account, issuedTokenType: name.startsWith('Generate') ? 'service account' : undefined },
  }
}

/** A token of another issuer became one of Google: its holder authenticated. */
export function exchange(context: Context): Told {
  const { payload } = context
  return {
    attributes: {
      method: 'workload-identity',
      accountName: callerOf(context).subject ?? textAt(payload, 'metadata.mapped_principal'),
      provider: textAt(payload, 'resourceName'),
    },
  }
}

/** `projects/-/serviceAccounts/<email or unique id>` */
function accountIn(payload: Context['payload']): string | undefined {
  const named = [textAt(payload, 'request.name'), textAt(payload, 'resourceName'), textAt(payload, 'response.name')]
  return named
    .map((name) => /(?:^|\/)serviceAccounts\/([^/]{1,200})/.exec(name ?? '')?.[1])
    .find((account) => account !== undefined)
}

function slashed(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `/${name}`
}

function targetOf(system: string, account: string | undefined, what: string): Target | undefined {
  return account === undefined ? undefined : { system, container: 'service-accounts', path: `${account}/${what}` }
}
