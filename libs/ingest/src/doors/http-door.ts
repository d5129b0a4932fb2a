import type { Connector, Instant, JsonObject, SourceInstance, SourceKind } from '@catena/domain'
import { UnreadableRecord } from '@catena/domain'
import type { Deliveries, Ledger, Locator } from '@catena/ledger'
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { Batcher } from '../batching/batcher.js'
import type { Tally } from '../batching/tally.js'
import { frameWhole, type Framed, type FramedRecord } from '../framing/framed.js'
import { Framer } from '../framing/framer.js'
import { headerOf, readSent, unpack, type HttpHeaders } from '../input/read-body.js'
import { RequestRejected } from '../input/request-rejected.js'
import type { IntakeKeys } from '../pipeline/intake-keys.js'
import { prepareRecord, quarantine, type Intake, type Prepared } from '../pipeline/prepare.js'
import { replayIn, type ReplayWatch } from './replay.js'
import { wrongSource } from './right-source.js'

/** Largest body as it is sent, bytes. */
export const BODY_BYTES_MAX = 16 * 1024 * 1024
/** Largest body after decompression, bytes. */
export const DECOMPRESSED_BYTES_MAX = 128 * 1024 * 1024

const GITHUB_EVENT_HEADER = 'x-github-event'
const GITHUB_SIGNATURE_HEADER = 'x-hub-signature-256'
/** GitLab signs nothing: it repeats the secret that it was given, with webhooks and with streamed audit events. */
const GITLAB_TOKEN_HEADERS = ['x-gitlab-token', 'x-gitlab-event-streaming-token']

export interface HttpDoor extends ReplayWatch {
  readonly ledger: Pick<Ledger, 'append'> & Deliveries
  readonly sourceOf: (id: string) => SourceInstance | undefined
  /** Ids of the configured sources, for the answer to a wrong one. */
  readonly sourceIds?: readonly string[]
  readonly connectorFor: (kind: SourceKind) => Connector
  readonly keys: IntakeKeys
  readonly subjectsOf?: (record: JsonObject) => readonly string[]
  /** Secrets of a source's webhooks, each accepted; undefined: neither their signature nor their token is checked. */
  readonly webhookSecretsOf: (sourceId: string) => Promise<readonly string[]> | undefined
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
  if (source.kind === 'gitlab') await requireToken(door, request)
  const sent = await readSent(request, door.bodyBytesMax ?? BODY_BYTES_MAX)
  // What is sent by nobody known is not unpacked before its signature was checked.
  const isWebhook = isDelivery(source, request.headers)
  const isSigned = isWebhook && (await requireSignature(door, request, sent))
  const content = await unpack(request.headers, sent, door.decompressedBytesMax ?? DECOMPRESSED_BYTES_MAX)
  if (isWebhook) return takeDelivery(door, source, request.headers, content, isSigned ? sent : undefined)
  const framed = frameRecords(content)
  const wrong = wrongSource(framed, source, door.connectorFor)
  if (wrong !== undefined) throw new RequestRejected('wrong-source', wrong)
  return store(door, source, framed)
}

/** `signed`: the bytes under the signature; undefined: the source has no secret, and the sender vouches for body and headers alike. */
async function takeDelivery(
  door: HttpDoor,
  source: SourceInstance,
  headers: HttpHeaders,
  content: Buffer,
  signed: Buffer | undefined,
): Promise<HttpReceipt> {
  const framed = frameWebhook(door, headers, content)
  return store(door, source, [framed], async (prepared, intake, locator) => {
    // What is refused as it stands binds no body to its headers.
    if (signed === undefined || 'quarantined' in prepared) return prepared
    const replay = await replayIn(door, source.id, headers, signed)
    if (replay === undefined) return prepared
    return { quarantined: quarantine(intake, locator, framed.text, Buffer.byteLength(framed.text), replay) }
  })
}

function isDelivery(source: SourceInstance | undefined, headers: HttpHeaders): boolean {
  return source?.kind === 'github' && headerOf(headers, GITHUB_EVENT_HEADER) !== undefined
}

/** Its signature or secret is then checked before anything of it is taken. */
function mustBeSigned(door: HttpDoor, source: SourceInstance | undefined, headers: HttpHeaders): boolean {
  if (source === undefined || door.webhookSecretsOf(source.id) === undefined) return false
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

/** False where the source has no secret, so that nothing is signed. */
async function requireSignature(door: HttpDoor, { source, headers }: HttpRequest, sent: Buffer): Promise<boolean> {
  const secrets = await door.webhookSecretsOf(source)
  if (secrets === undefined) return false
  const signature = headerOf(headers, GITHUB_SIGNATURE_HEADER)
  if (!secrets.some((secret) => door.verifySignature(sent, signature, secret))) {
    throw new RequestRejected('bad-signature', 'the signature does not fit the body')
  }
  return true
}

async function requireToken(door: HttpDoor, { source, headers }: HttpRequest): Promise<void> {
  const secrets = await door.webhookSecretsOf(source)
  if (secrets === undefined) return
  const tokens = GITLAB_TOKEN_HEADERS.map((name) => headerOf(headers, name)).filter((token) => token !== undefined)
  if (!tokens.some((token) => secrets.some((secret) => timingSafeEqual(digest(token), digest(secret)))))
    throw new RequestRejected('bad-signature', 'the request does not carry the secret of this source')
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function frameWebhook(door: HttpDoor, headers: HttpHeaders, content: Buffer): FramedRecord {
  const framed = frameWhole(content)
  if (framed?.kind !== 'record') throw notJson()
  try {
    return { ...framed, text: door.wrapDelivery(headers, framed.text) }
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

/** Has the last word on what becomes of a prepared record. */
type Judge = (prepared: Prepared, intake: Intake, locator: Locator) => Prepared | Promise<Prepared>

async function store(
  door: HttpDoor,
  source: SourceInstance,
  framed: readonly Framed[],
  judge: Judge = (prepared) => prepared,
): Promise<HttpReceipt> {
  const now = door.now ?? Date.now
  const { keys, connectorFor, subjectsOf } = door
  const intake: Intake = { source, keys, connector: connectorFor(source.kind), ...(subjectsOf ? { subjectsOf } : {}) }
  const request = randomUUID()
  const receivedAt = now()
  const batcher = new Batcher(door.ledger, undefined, now)
  for (const [index, one] of framed.entries()) {
    const locator: Locator = { door: 'http', request, index }
    const prepared = prepareRecord(one, locator, receivedAt, intake)
    await batcher.add(await judge(prepared, intake, locator), one.next, 0)
  }
  await batcher.flush(0)
  return { ...batcher.tally, request }
}
