import type { Connector, SourceKind } from '@catena/domain'
import { awsCloudtrail } from './aws-cloudtrail/index.js'
import { azureKeyVault } from './azure-key-vault/index.js'
import { entra } from './entra/index.js'
import { cloudevents } from './cloudevents/index.js'
import { cyberark } from './cyberark/index.js'
import { github } from './github/index.js'
import { gitlab } from './gitlab/index.js'
import { googleCloud } from './google-cloud/index.js'
import { keycloak } from './keycloak/index.js'
import { kubernetes } from './kubernetes/index.js'
import { okta } from './okta/index.js'
import { onepassword } from './onepassword/index.js'
import { spire } from './spire/index.js'
import { teleport } from './teleport/index.js'
import { directoryCsv } from './directory-csv/index.js'
import { scim } from './scim/index.js'
import { vault } from './vault/index.js'

/** A new source is a folder and a line here. */
export const connectors: Readonly<Record<SourceKind, Connector>> = {
  vault,
  keycloak,
  okta,
  github,
  'aws-cloudtrail': awsCloudtrail,
  kubernetes,
  gitlab,
  entra,
  'azure-key-vault': azureKeyVault,
  'google-cloud': googleCloud,
  cloudevents,
  teleport,
  cyberark,
  onepassword,
  spire,
  scim,
  'directory-csv': directoryCsv,
}

export function connectorFor(kind: SourceKind): Connector {
  return connectors[kind]
}
