/* eslint @typescript-eslint/no-unsafe-assignment: off -- an answer has the shape of its request */
import { openCallers, type Callers } from '@catena/callers'
import { FactDirectory } from '@catena/directory'
import { ROLES, type Caller, type SourceInstance } from '@catena/domain'
import { PostgresLedger } from '@catena/ledger'
import { ACCESS_DEFAULTS, createLogger, systemClock } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { accessIndexRunner, composed, openReader } from '@catena/runtime'
import { startTestPostgres } from '@catena/testing'
import { NestFactory } from '@nestjs/core'
import { instanceOn } from '../../../test/instance-on.js'
import { IngestModule } from '../src/ingest.module.js'

export interface Answer {
  readonly status: number
  readonly type: string | null
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers have the shape of their request
  readonly body: any
}

/** The endpoint over HTTP on a PostgreSQL of its own, with a projector at work. */
export interface ScimEndpoint {
  /** Of the process, without a path. */
  readonly url: string
  /** `source`: hr where none is named. */
  ask(method: string, path: string, body?: unknown, token?: string, source?: string): Promise<Answer>
  /** Of the source hr, else of the system named, e.g. `scim/partner`. */
  directory(system?: string): Promise<FactDirectory>
  readonly reader: AccessReader
  readonly ledger: PostgresLedger
  stop(): Promise<void>
}

const plain = { federations: [], sharedIdentities: [], gaps: [] }
const SOURCES: readonly SourceInstance[] = [{ ...plain, id: 'hr', kind: 'scim', scope: 'acme' }, { ...plain, id: 'partner', kind: 'scim', scope: 'partner' }] // prettier-ignore

/** Tokens are names of callers: `client` may ingest, `partner` for its own source only; `auditor` and `puller` may not, any other is nobody's. */
const CALLERS: Readonly<Record<string, Caller>> = {
  client: { id: 'machine:1', name: 'provisioning', kind: 'machine', roles: ['ingest'], keys: [] },
  partner: { id: 'machine:2', name: 'partner', kind: 'machine', roles: ['ingest'], sources: ['partner'], keys: [] },
  puller: { id: 'machine:3', name: 'puller', kind: 'machine', roles: ['export'], keys: [] },
  auditor: {
    id: 'person:1',
    name: 'auditor',
    kind: 'person',
    roles: ROLES.filter((role) => role === 'auditor'),
    keys: [],
  },
}

export async function startScimEndpoint(): Promise<ScimEndpoint> {
  const database = await startTestPostgres()
  const { databaseUrl } = database
  const ledger = new PostgresLedger({ databaseUrl })
  const instance = instanceOn({ databaseUrl, ledger, sources: SOURCES })
  const { reader, close } = openReader(instance)
  const runner = accessIndexRunner(instance, (error) => {
    console.error(error)
  })
  runner.start()
  const identify: Callers['identify'] = ({ headers }) =>
    Promise.resolve(CALLERS[headers.authorization?.replace('Bearer ', '') ?? ''])
  const options = { pool: reader.pool, streams: ledger, keys: instance.callerKeys, clock: systemClock, env: {} }
  const callers = { ...openCallers({ ...options, access: ACCESS_DEFAULTS, localToken: undefined }), identify }
  const module = composed([IngestModule], { instance, reader, logger: createLogger('silent'), callers })
  const app = await NestFactory.create(module, { logger: false, bodyParser: false })
  await app.listen(0, '127.0.0.1')
  const url = await app.getUrl()
  return {
    url,
    reader,
    ledger,
    ask: (method, path, body, token = 'client', source = 'hr') =>
      ask(`${url}/scim/${source}/${path}`, method, body, token),
    directory: async (system = 'scim/acme') => new FactDirectory(reader.index(await reader.asOf()), [system]),
    stop: async () => {
      await app.close()
      await runner.stop()
      await close()
      await ledger.close()
      await database.stop()
    },
  }
}

async function ask(url: string, method: string, body: unknown, token: string): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/scim+json', authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: text === '' ? undefined : JSON.parse(text),
  }
}
