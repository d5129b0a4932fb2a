import { Module, type DynamicModule } from '@nestjs/common'
import type { Callers } from '@catena/callers'
import type { Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import type { Instance } from './instance.js'

/** Injection tokens of what all parts of one process share. */
export const INSTANCE = Symbol('instance')
export const READER = Symbol('access reader')
export const LOGGER = Symbol('logger')
/** Callers: who asks, and what makes them known. */
export const CALLERS = Symbol('callers')

/** Provides the opened instance to every part of the process; it is opened and closed by whoever composes them. */
@Module({})
export class InstanceModule {
  static forRoot(parts: {
    readonly instance: Instance
    readonly reader: AccessReader
    readonly logger: Logger
    readonly callers: Callers
  }): DynamicModule {
    const providers = [
      { provide: INSTANCE, useValue: parts.instance },
      { provide: READER, useValue: parts.reader },
      { provide: LOGGER, useValue: parts.logger },
      { provide: CALLERS, useValue: parts.callers },
    ]
    return { module: InstanceModule, global: true, providers, exports: providers }
  }
}
