import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import { LedgerUnavailable } from '@catena/ledger'
import { isTransient, type Logger } from '@catena/platform'
import { LOGGER } from '@catena/runtime'
import { errorBody, ScimError } from '@catena/scim'
import type { Response } from 'express'

/** Every refusal in the words of RFC 7644; a fault says nothing of its inside. */
@Catch()
export class ScimErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>()
    const refused = asScim(error) ?? this.fault(error)
    if (refused.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="catena"')
    response
      .status(refused.status)
      .type('application/scim+json')
      .send(JSON.stringify(errorBody(refused)))
  }

  private fault(error: unknown): ScimError {
    this.logger.error({ error }, 'a SCIM request could not be answered')
    return new ScimError(500, 'Catena failed to answer: its log says why')
  }
}

function asScim(error: unknown): ScimError | undefined {
  if (error instanceof ScimError) return error
  if (error instanceof HttpException) return new ScimError(error.getStatus() as ScimError['status'], error.message)
  if (error instanceof LedgerUnavailable || isTransient(error))
    return new ScimError(503, 'the database does not answer: send the same request again')
  return undefined
}
