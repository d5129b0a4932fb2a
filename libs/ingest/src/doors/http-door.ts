import type { Connector, Instant, JsonObject, SourceInstance, SourceKind } from '@catena/domain'
import { UnreadableRecord } from '@catena/domain'
import type { Ledger, Locator } from '@catena/ledger'
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { Batcher } from '../batching/batcher.js'
import type { Tally } from '../batching/tally.js'
import { frameWhole, type Framed } from '../framing/framed.js'
import { Framer } from '../framing/framer.js'
import { headerOf, readBody, type HttpHeaders } from '../input/read-body.js'
import { RequestRejected } from '../input/request-rejected.js'
import type { IntakeKeys } from '../pipeline/intake-keys.js'
import { prepareRecord, type Intake } from '../pipeline/prepare.js'
import { wrongSource } from './right-source.js'

/** Largest body as it is sent, bytes. */
export const BODY_BYTES_MAX = 16 * 1024 * 1024
/** Largest body after decompression, bytes. */
export const DECOMPRESSED_BYTES_MAX = 128 * 1024 * 1024

const GITHUB_EVENT_HEADER = 'x-github-event'
const GITHUB_SIGNATURE_HEADER = 'x-hub-signature-256'
/** GitLab signs nothing: it repeats the secret that it was given, with webhooks and with streamed audit events. */
const GITLAB_TOKEN_HEADERS = ['x-gitlab-token', 'x-gitlab-event-streaming-token']

export interface HttpDoor {
  readonly ledger: Pick<Ledger, 'append'>
  readonly sourceOf: (id: string) => SourceInstance | undefined
  /** Ids of the configured sources, for the answer to a wrong one. */
  readonly sourceIds?: readonly string[]
  readonly connectorFor: (kind: SourceKind) => Connector
  readonly keys: IntakeKeys
  readonly subjectsOf?: (record: JsonObject) => readonly string[]
  /** Secret of a source's webhooks; undefined: neither their signature nor their token is checked. */
  readonly webhookSecretOf: (sourceId: string) => string | undefined
  /** Over the exact bytes of the body. */
  readonly verifySignature: (body: Buffer, header: string | undefined, secret: string) => boolean
  /** The record of a webhook: its identifying headers and its body. Throws UnreadableRecord. */
  readonly wrapDelivery: (headers: HttpHeaders, body: string) => string
  readonly bodyBytesMax?: number
  readonly decompressedBytesMax?: number
  readonly now?: () => Instant
}

export interface HttpRequest {
  /** Id of the source instance, from the URL. */
  readonly source: string
  readonly headers: HttpHeaders
  readonly body: AsyncIterable<Buffer>
  /** May whoever sends it deliver for this source? A webhook that is signed needs no more than its signature. */
  readonly isEntitled: boolean
}

/** What an accepted request came to; every record of it is committed. */
export interface HttpReceipt extends Tally {
  /** Names the request in the locators of quarantined records. */
  readonly request: string
}

/**
 * Takes the records of one request (lines, an array, an object, or a webhook) into the ledger and answers after the commit.
 * Throws RequestRejected before anything is stored, and what the ledger throws; repeating a request is always safe.
 */
export async function receive(door: HttpDoor, request: HttpRequest): Promise<HttpReceipt> {
  const source = door.sourceOf(request.source)
  if (!request.isEntitled && !mustBeSigned(door, source, request.headers)) throw unauthenticated()
  if (source === undefined) throw unknownSource(door)
  if (source.kind === 'gitlab') requireToken(door, request)
  const body = await readBody(request, {
    bodyBytesMax: door.bodyBytesMax ?? BODY_BYTES_MAX,
    decompressedBytesMax: door.decompressedBytesMax ?? DECOMPRESSED_BYTES_MAX,
  })
  const isWebhook = isDelivery(source, request.headers)
  if (isWebhook) requireSignature(door, request, body.sent)
  const framed = isWebhook ? frameWebhook(door, request.headers, body.content) : frameRecords(body.content)
  const wrong = isWebhook ? undefined : wrongSource(framed, source, door.connectorFor)
  if (wrong !== undefined) throw new RequestRejected('wrong-source', wrong)
  return store(door, source, framed)
}

function isDelivery(source: SourceInstance | undefined, headers: HttpHeaders): boolean {
  return source?.kind === 'github' && headerOf(headers, GITHUB_EVENT_HEADER) !== undefined
}

/** Its signature or secret is then checked before anything of it is taken. */
function mustBeSigned(door: HttpDoor, source: SourceInstance | undefined, headers: HttpHeaders): boolean {
  if (source === undefined || door.webhookSecretOf(source.id) === undefined) return false
  return source.kind === 'gitlab' || isDelivery(source, headers)
}

function unauthenticated(): RequestRejected {
  return new RequestRejected(
    'unauthenticated',
    'this sender may not deliver for this source: send a token for it (docs/security.md), or sign the webhook',
  )
}

function unknownSource({ sourceIds }: HttpDoor): RequestRejected {
  const configured = sourceIds === undefined || sourceIds.length === 0 ? '' : `: configured are ${sourceIds.join(', ')}`
  return new RequestRejected('unknown-source', `no source of this name is configured${configured}`)
}

function requireSignature(door: HttpDoor, { source, headers }: HttpRequest, sent: Buffer): void {
  const secret = door.webhookSecretOf(source)
  if (secret === undefined) return
  if (!door.verifySignature(sent, headerOf(headers, GITHUB_SIGNATURE_HEADER), secret)) {
    throw new RequestRejected('bad-signature', 'the signature does not fit the body')
  }
}

function requireToken(door: HttpDoor, { source, headers }: HttpRequest): void {
  const secret = door.webhookSecretOf(source)
  if (secret === undefined) return
  const tokens = GITLAB_TOKEN_HEADERS.map((name) => headerOf(headers, name)).filter((token) => token !== undefined)
  if (!tokens.some((token) => timingSafeEqual(digest(token), digest(secret))))
    throw new RequestRejected('bad-signature', 'the request does not carry the secret of this source')
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function frameWebhook(door: HttpDoor, headers: HttpHeaders, content: Buffer): Framed[] {
  const framed = frameWhole(content)
  if (framed?.kind !== 'record') throw notJson()
  try {
    return [{ ...framed, text: door.wrapDelivery(headers, framed.text) }]
  } catch (error) {
    if (error instanceof UnreadableRecord) throw notJson()
    throw error
  }
}

/** Records may be broken, those are quarantined; a body without a trace of an object is no body of records. */
function frameRecords(content: Buffer): Framed[] {
  const framer = new Framer()
  const framed = [...framer.push(content), ...framer.end('final')]
  const mayBeJson = framed.some((one) => (one.kind === 'record' ? one.text.includes('{') : one.head.includes('{')))
  if (framed.length > 0 && !mayBeJson) throw notJson()
  return framed
}

function notJson(): RequestRejected {
  return new RequestRejected('not-json', 'the body holds no JSON object')
}

async function store(door: HttpDoor, source: SourceInstance, framed: readonly Framed[]): Promise<HttpReceipt> {
  const now = door.now ?? Date.now
  const { keys, connectorFor, subjectsOf } = door
  const intake: Intake = { source, keys, connector: connectorFor(source.kind), ...(subjectsOf ? { subjectsOf } : {}) }
  const request = randomUUID()
  const receivedAt = now()
  const batcher = new Batcher(door.ledger, undefined, now)
  for (const [index, one] of framed.entries()) {
    const locator: Locator = { door: 'http', request, index }
    await batcher.add(prepareRecord(one, locator, receivedAt, intake), one.next, 0)
  }
  await batcher.flush(0)
  return { ...batcher.tally, request }
}
