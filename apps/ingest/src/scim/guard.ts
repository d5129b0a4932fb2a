import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import type { Callers } from '@catena/callers'
import { CALLERS } from '@catena/runtime'
import { ScimError } from '@catena/scim'
import type { Request } from 'express'
import { mayDeliver } from '../may-deliver.js'

/** A provisioning client delivers records of its source, and needs what any other sender needs. */
@Injectable()
export class ScimGuard implements CanActivate {
  constructor(@Inject(CALLERS) private readonly callers: Callers) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const request = context.switchToHttp().getRequest<Request>()
    const { source } = request.params
    if (typeof source === 'string' && (await mayDeliver(this.callers, request, source))) return true
    throw new ScimError(401, 'send a machine token that may deliver for this source as bearer')
  }
}
