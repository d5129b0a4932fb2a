import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import { LedgerUnavailable } from '@catena/ledger'
import { errorBody, ScimError } from '@catena/scim'
import type { Response } from 'express'

/** Every refusal in the words of RFC 7644; a fault says nothing of its inside. */
@Catch()
export class ScimErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>()
    const refused = asScim(error)
    if (refused.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="catena"')
    response
      .status(refused.status)
      .type('application/scim+json')
      .send(JSON.stringify(errorBody(refused)))
  }
}

function asScim(error: unknown): ScimError {
  if (error instanceof ScimError) return error
  if (error instanceof HttpException) return new ScimError(error.getStatus() as ScimError['status'], error.message)
  if (error instanceof LedgerUnavailable)
    return new ScimError(503, 'the database does not answer: send the same request again')
  throw error
}
