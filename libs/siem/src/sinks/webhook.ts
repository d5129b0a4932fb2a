import { createHmac } from 'node:crypto'
import type { Clock } from '@catena/platform'
import { openPoster, requireTaken, type PostTarget } from './post.js'
import { allDelivered, type Outgoing, type ReadSecret, type Sink } from './sink.js'

/** Standard Webhooks 1.0: id, time and body are signed, so that a receiver can refuse what is old or forged. */
export function openWebhook(target: PostTarget, secret: ReadSecret, contentType: string, clock: Clock): Sink {
  const poster = openPoster(target)
  return {
    unacknowledgedMax: 0,
    send: async (batch, signal) => {
      const body = bodyOf(batch, contentType)
      const [id, at] = [messageId(batch), String(Math.floor(clock.now() / 1000))]
      const signature = createHmac('sha256', keyOf(await secret()))
        .update(`${id}.${at}.${body}`)
        .digest('base64')
      const headers = { 'content-type': typeOf(contentType), 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` } // prettier-ignore
      requireTaken(await poster.post(`${target.url.pathname}${target.url.search}`, headers, body, signal))
      return allDelivered(batch)
    },
    close: () => {
      poster.close()
      return Promise.resolve()
    },
  }
}

/** `whsec_` and base64, as Standard Webhooks writes secrets; anything else is taken as it is. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)
}

/** The same events again have the same id. */
function messageId(batch: readonly Outgoing[]): string {
  const [first, last] = [batch[0]?.event, batch.at(-1)?.event]
  return `msg_${first?.id ?? ''}_${first?.sequence ?? 0}_${last?.sequence ?? 0}`
}

function bodyOf(batch: readonly Outgoing[], contentType: string): string {
  const lines = batch.map(({ text }) => text)
  return contentType === 'text/plain' ? lines.join('\n') : `[${lines.join(',')}]`
}

function typeOf(contentType: string): string {
  return contentType === 'application/cloudevents+json' ? 'application/cloudevents-batch+json' : contentType
}
