export { listResponse, resourceTypes, schemas, serviceProviderConfig } from './discovery.js'
export type { ResourceType, ScimDoor } from './door.js'
export { errorBody, notFound, ScimError } from './scim-error.js'
export { ScimService, type ListQuery } from './service.js'
