/** Schemas of RFC 7643; the core schemas end in the name of their resource. */
export const CORE = 'urn:ietf:params:scim:schemas:core:2.0'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
