/** What went wrong, as RFC 7644 section 3.12 has it. */
export class ScimError extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 500 | 501 | 503,
    readonly detail: string,
    readonly scimType?: 'invalidFilter' | 'invalidSyntax' | 'invalidValue' | 'uniqueness' | 'invalidPath' | 'noTarget',
  ) {
    super(detail)
    this.name = 'ScimError'
  }
}

export function errorBody({ status, detail, scimType }: ScimError): object {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    detail,
    ...(scimType === undefined ? {} : { scimType }),
  }
}

export function notFound(id: string): ScimError {
  return new ScimError(404, `Resource ${id} not found`)
}
