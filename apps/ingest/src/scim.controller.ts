import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Put,
  Query as Parameters,
  Req,
  UseFilters,
  UseGuards,
} from '@nestjs/common'
import { connectorFor, unsignedIn, verifyGithubSignature, wrapDelivery } from '@catena/connectors'
import { receive } from '@catena/ingest'
import type { AccessReader } from '@catena/projections'
import { INSTANCE, READER, type Instance } from '@catena/runtime'
import {
  listResponse,
  notFound,
  resourceTypes,
  ScimError,
  ScimService,
  schemas,
  serviceProviderConfig,
  type ListQuery,
  type ResourceType,
} from '@catena/scim'
import { readScimBody } from './scim/read-body.js'
import { ScimErrorFilter } from './scim/error.filter.js'
import { ScimGuard } from './scim/guard.js'

/** A map, because the name comes from the address. */
const TYPES: ReadonlyMap<string, ResourceType> = new Map([
  ['Users', 'User'],
  ['Groups', 'Group'],
])
type Query = Readonly<Record<string, unknown>>

const MEDIA_TYPE = 'application/scim+json; charset=utf-8'

/** `/scim/<source>/…`: SCIM 2.0 of one source of kind scim, for a provisioning client with a machine token. */
@Controller('scim/:source')
@UseGuards(ScimGuard)
@UseFilters(ScimErrorFilter)
export class ScimController {
  private readonly services = new Map<string, ScimService>()

  constructor(
    @Inject(INSTANCE) private readonly instance: Instance,
    @Inject(READER) private readonly reader: AccessReader,
  ) {}

  @Get('ServiceProviderConfig')
  @Header('Content-Type', MEDIA_TYPE)
  config(@Param('source') source: string): object {
    this.serviceOf(source)
    return serviceProviderConfig(baseOf(source))
  }

  @Get(['ResourceTypes', 'ResourceTypes/:id'])
  @Header('Content-Type', MEDIA_TYPE)
  types(@Param('source') source: string, @Param('id') id?: string): object {
    return oneOrAll(resourceTypes(baseOf(source)), id)
  }

  @Get(['Schemas', 'Schemas/:id'])
  @Header('Content-Type', MEDIA_TYPE)
  schemas(@Param('source') source: string, @Param('id') id?: string): object {
    return oneOrAll(schemas(baseOf(source)), id)
  }

  @Get(':type')
  @Header('Content-Type', MEDIA_TYPE)
  list(@Param('source') source: string, @Param('type') type: string, @Parameters() query: Query): Promise<object> {
    return this.serviceOf(source).list(typeOf(type), asked(query))
  }

  @Get(':type/:id')
  @Header('Content-Type', MEDIA_TYPE)
  get(
    @Param('source') source: string,
    @Param('type') type: string,
    @Param('id') id: string,
    @Parameters() query: Query,
  ): Promise<object> {
    return this.serviceOf(source).get(typeOf(type), id, asked(query).excludedAttributes)
  }

  @Post(':type')
  @HttpCode(201)
  @Header('Content-Type', MEDIA_TYPE)
  async create(
    @Param('source') source: string,
    @Param('type') type: string,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    return this.serviceOf(source).create(typeOf(type), await readScimBody(request))
  }

  @Put(':type/:id')
  @Header('Content-Type', MEDIA_TYPE)
  async replace(
    @Param('source') source: string,
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    return this.serviceOf(source).replace(typeOf(type), id, await readScimBody(request))
  }

  @Patch(':type/:id')
  @Header('Content-Type', MEDIA_TYPE)
  async patch(
    @Param('source') source: string,
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: IncomingMessage,
  ): Promise<object> {
    return this.serviceOf(source).patch(typeOf(type), id, await readScimBody(request))
  }

  @Delete(':type/:id')
  @HttpCode(204)
  delete(@Param('source') source: string, @Param('type') type: string, @Param('id') id: string): Promise<void> {
    return this.serviceOf(source).delete(typeOf(type), id)
  }

  private serviceOf(id: string): ScimService {
    const source = this.instance.configuration.sources.find((one) => one.id === id && one.kind === 'scim')
    if (source === undefined) throw new ScimError(404, `no source ${id} of kind scim is configured`)
    const known = this.services.get(id)
    if (known !== undefined) return known
    const { reader } = this
    const store = (record: string) => this.store(id, record)
    const service = new ScimService({ source, base: baseOf(id), reader, store, newId: randomUUID, now: Date.now })
    this.services.set(id, service)
    return service
  }

  /** Through the pipeline of every record. */
  private async store(source: string, record: string): Promise<number> {
    const { configuration, keys, ledger } = this.instance
    const body = (async function* () {
      yield await Promise.resolve(Buffer.from(record))
    })()
    const receipt = await receive(
      {
        ledger,
        keys,
        connectorFor,
        sourceOf: (id) => configuration.sources.find((one) => one.id === id),
        webhookSecretsOf: () => undefined,
        verifySignature: verifyGithubSignature,
        wrapDelivery,
        unsignedIn,
      },
      { source, headers: {}, body, isEntitled: true },
    )
    if (receipt.quarantined > 0) throw new ScimError(400, 'the resource cannot be read', 'invalidValue')
    return ledger.head()
  }
}

/** Relative: which name a proxy in front gives the endpoint is not known here (RFC 7644 section 3.1 allows relative locations). */
function baseOf(source: string): string {
  return `/scim/${source}`
}

/** A parameter that is given twice arrives as a list. */
function asked(query: Query): ListQuery {
  if (Object.values(query).some((value) => typeof value !== 'string'))
    throw new ScimError(400, 'each parameter is given once, as text', 'invalidValue')
  return query
}

function typeOf(type: string): ResourceType {
  const known = TYPES.get(type)
  if (known === undefined) throw new ScimError(404, `there are Users and Groups, and no ${type}`)
  return known
}

function oneOrAll(all: readonly { readonly id: string }[], id: string | undefined): object {
  if (id === undefined) return listResponse(all)
  const found = all.find((one) => one.id === id)
  if (found === undefined) throw notFound(id)
  return found
}
