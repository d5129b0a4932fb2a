import { DATABASE, KV, type Place, type Slot } from '../organisation/credentials.js'
import { AWS_ACCOUNT, AWS_REGION, VAULT } from '../organisation/names.js'
import { CLUSTER } from './cluster.js'

/** Where a credential lies, as Catena names a target. */
export function targetOf(slot: Slot): Place {
  const { kind, path } = slot
  if (kind === 'kv') return { system: `vault/${VAULT}`, container: KV.accessor, path }
  if (kind === 'database') return { system: `vault/${VAULT}`, container: DATABASE.accessor, path: `creds/${path}` }
  if (kind === 'aws') return { system: `aws/${AWS_ACCOUNT}`, container: `secretsmanager/${AWS_REGION}`, path }
  const [namespace = '', name = ''] = path.split('/')
  return { system: `kubernetes/${CLUSTER}`, container: `namespaces/${namespace}`, path: `secrets/${name}` }
}
