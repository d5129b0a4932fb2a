import { textAt, type Target } from '@catena/domain'
import { callerOf, GOOGLE, keyIn } from './caller.js'
import type { Context, Told } from './told.js'

/** A key of a service account lasts until it is deleted. Whoever had it made does not hold it for that. */
export function accountKey(context: Context): Told {
  const { payload, name, outcome, groups, system } = context
  const named = ['response.name', 'request.name', 'resourceName'].map((path) => keyIn(slashed(textAt(payload, path))))
  const account = accountOf(context)
  const [first] = named.filter((one) => one !== undefined)
  const key = ofAccount(first, account)
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
export function token(context: Context): Told {
  const { name, system } = context
  const account = accountOf(context)
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

/** By its address, whichever of the two the caller took: `projects/-/serviceAccounts/<address or unique id>`. */
function accountOf({ record, payload }: Context): string | undefined {
  const named = ['request.name', 'resourceName', 'response.name'].map(
    (path) => /(?:^|\/)serviceAccounts\/([^/]{1,200})/.exec(textAt(payload, path) ?? '')?.[1],
  )
  const known = [...named, textAt(record.payload, 'resource.labels.email_id')].filter(
    (account) => account !== undefined,
  )
  return known.find((account) => account.includes('@')) ?? known[0]
}

/** Uses of a key name its account by the address. */
function ofAccount(key: string | undefined, account: string | undefined): string | undefined {
  return account === undefined ? key : key?.replace(/^[^/]+/, () => account)
}

function slashed(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `/${name}`
}

function targetOf(system: string, account: string | undefined, what: string): Target | undefined {
  return account === undefined ? undefined : { system, container: 'service-accounts', path: `${account}/${what}` }
}
