import { createHmac } from 'node:crypto'
import { formatInstant } from '@catena/domain'
import type { ReceiverSettings } from '@catena/platform'
import type { Receiver } from './carrier.js'
import { ask, readSecretFile, refusedBy } from './http.js'

/** Hands orders to a ticket system. Body JSON; `catena-signature: sha256=<hex>` is HMAC-SHA-256 of the body under the shared secret. */
export function webhookReceiver({ id, url, secretFile }: Extract<ReceiverSettings, { kind: 'webhook' }>): Receiver {
  return {
    id,
    handOver: async (slip, signal) => {
      const body = JSON.stringify({ type: 'remediation-order', ...slip, dueAt: formatInstant(slip.dueAt) })
      const signature = createHmac('sha256', await readSecretFile(secretFile))
        .update(body)
        .digest('hex')
      const answer = await ask({
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/json',
          'catena-signature': `sha256=${signature}`,
          'idempotency-key': slip.id,
        },
        body,
        signal,
      })
      if (answer.status < 200 || answer.status > 299) throw refusedBy(url.host, answer)
      return `handed over to ${url.host}`
    },
  }
}
