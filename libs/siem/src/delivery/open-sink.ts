import { readFile } from 'node:fs/promises'
import type { Clock, KafkaConnection } from '@catena/platform'
import { FORMATS } from '../formats/index.js'
import { openEventCollector } from '../sinks/event-collector.js'
import { openFiles } from '../sinks/files.js'
import { openKafkaSink } from '../sinks/kafka.js'
import type { PostTarget } from '../sinks/post.js'
import { DestinationClosed, ReceiverUnavailable, type ReadSecret, type Sink } from '../sinks/sink.js'
import { openSyslog } from '../sinks/syslog.js'
import type { TlsFiles } from '../sinks/tls-files.js'
import { openWebhook } from '../sinks/webhook.js'
import type { Destination } from './destinations/destination.js'

/** What sinks are made with, of the process that sends. */
export interface SinkSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Undefined: no brokers are configured. */
  readonly connectKafka: (() => KafkaConnection) | undefined
}

/** Reads the files and variables that a destination names when it is opened, and its secret again at each use. Throws DestinationClosed where something is missing. */
export async function openSink(destination: Destination, around: SinkSurroundings): Promise<Sink> {
  const { contentType } = FORMATS[destination.format]
  switch (destination.kind) {
    case 'kafka': {
      if (around.connectKafka === undefined) throw new DestinationClosed('no brokers are configured: set KAFKA_BROKERS for the worker')
      return openKafkaSink(around.connectKafka(), destination.target.topic, contentType)
    }
    case 'syslog': {
      const { host, port, transport } = destination.target
      return openSyslog({ host, port, transport, tls: await tlsOf(destination.target) })
    }
    case 'webhook':
      return openWebhook(await postTarget(destination.target), await secretOf(destination.target, around), contentType, around.clock)
    case 'event-collector': {
      const { ack, index, sourcetype } = destination.target
      const target = { ...(await postTarget(destination.target)), token: await secretOf(destination.target, around), withAck: ack }
      return openEventCollector({ ...target, ...(index === undefined ? {} : { index }), ...(sourcetype === undefined ? {} : { sourcetype }) })
    }
    case 'files':
      return openFiles({ folder: destination.target.folder, bytesMax: destination.target.bytes_max })
  }
} // prettier-ignore

type HttpTarget = Extract<Destination, { kind: 'webhook' | 'event-collector' }>['target']

async function postTarget(target: HttpTarget): Promise<PostTarget> {
  return { url: new URL(target.url), allowPrivate: target.allow_private, tls: await tlsOf(target) }
}

async function tlsOf(target: { ca_file?: string | undefined; cert_file?: string | undefined; key_file?: string | undefined; servername?: string | undefined }): Promise<TlsFiles> {
  const [ca, cert, key] = await Promise.all([target.ca_file, target.cert_file, target.key_file].map((path) => (path === undefined ? Promise.resolve(undefined) : text(path))))
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(target.servername === undefined ? {} : { servername: target.servername }),
  }
} // prettier-ignore

/** The first line of what is there at that moment: an exchanged secret counts from the next batch on. */
async function secretOf({ secret_env: variable, secret_file: file }: HttpTarget, { env }: SinkSurroundings): Promise<ReadSecret> {
  const orThrow = (Failure: typeof DestinationClosed | typeof ReceiverUnavailable): ReadSecret => async () => {
    const [secret = ''] = (variable === undefined ? await text(file ?? '') : (env[variable] ?? '')).trim().split('\n')
    if (secret === '') throw new Failure(`${variable ?? file ?? 'the secret'} is not set or empty for the worker`)
    return secret.trim()
  }
  await orThrow(DestinationClosed)()
  // Found empty later, it is being exchanged.
  return orThrow(ReceiverUnavailable)
} // prettier-ignore

async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new ReceiverUnavailable(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`)
  })
} // prettier-ignore
