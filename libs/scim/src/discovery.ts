import { COUNT_MAX } from './filter.js'

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

/** A resource that a client may also ask for by its id. */
export interface Named {
  readonly id: string
  readonly [member: string]: unknown
}

export function listResponse(resources: readonly object[], total = resources.length, startIndex = 1): object {
  return { schemas: [LIST], totalResults: total, startIndex, itemsPerPage: resources.length, Resources: resources }
}

/** RFC 7643 section 5. */
export function serviceProviderConfig(base: string): object {
  const no = { supported: false }
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: COUNT_MAX },
    changePassword: no,
    sort: no,
    etag: no,
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A machine token with the role ingest',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  }
}

/** RFC 7643 section 6. */
export function resourceTypes(base: string): readonly Named[] {
  const meta = (id: string): object => ({ resourceType: 'ResourceType', location: `${base}/ResourceTypes/${id}` })
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:ResourceType']
  return [
    {
      schemas,
      id: 'User',
      name: 'User',
      endpoint: '/Users',
      schema: USER,
      schemaExtensions: [{ schema: ENTERPRISE, required: false }],
      meta: meta('User'),
    },
    { schemas, id: 'Group', name: 'Group', endpoint: '/Groups', schema: GROUP, meta: meta('Group') },
  ]
}

/** RFC 7643 section 7: the attributes that are read; others are accepted and left out. */
export function schemas(base: string): readonly Named[] {
  return [
    schema(base, USER, 'User', [
      attribute('userName', 'string', { required: true, uniqueness: 'server' }),
      attribute('externalId', 'string'),
      attribute('displayName', 'string'),
      attribute('title', 'string'),
      attribute('active', 'boolean'),
      complex(
        'name',
        false,
        ['formatted', 'givenName', 'familyName'].map((name) => attribute(name, 'string')),
      ),
      complex('emails', true, [
        attribute('value', 'string'),
        attribute('type', 'string'),
        attribute('primary', 'boolean'),
      ]),
    ]),
    schema(base, ENTERPRISE, 'EnterpriseUser', [
      attribute('department', 'string'),
      complex('manager', false, [attribute('value', 'string')]),
    ]),
    schema(base, GROUP, 'Group', [
      attribute('displayName', 'string', { required: true }),
      complex('members', true, [attribute('value', 'string')]),
    ]),
  ]
}

function schema(base: string, id: string, name: string, attributes: readonly object[]): Named {
  const meta = { resourceType: 'Schema', location: `${base}/Schemas/${id}` }
  return { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'], id, name, attributes, meta }
}

function attribute(name: string, type: string, more: { required?: boolean; uniqueness?: string } = {}): object {
  return {
    name,
    type,
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...more,
  }
}

function complex(name: string, multiValued: boolean, subAttributes: readonly object[]): object {
  return {
    name,
    type: 'complex',
    multiValued,
    required: false,
    mutability: 'readWrite',
    returned: 'default',
    subAttributes,
  }
}
