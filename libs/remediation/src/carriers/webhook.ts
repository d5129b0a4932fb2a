import { formatInstant } from '@catena/domain'
import { ask, isTaken, readSigningSecret, refusedBy, signatureOf, type ReceiverSettings } from '@catena/platform'
import type { Receiver } from './carrier.js'

/** Hands orders to a ticket system. Body JSON; `catena-signature: sha256=<hex>` is HMAC-SHA-256 of the body under the shared secret. */
export function webhookReceiver({ id, url, secretFile }: Extract<ReceiverSettings, { kind: 'webhook' }>): Receiver {
  return {
    id,
    handOver: async (slip, signal) => {
      const body = JSON.stringify({ type: 'remediation-order', ...slip, dueAt: formatInstant(slip.dueAt) })
      const answer = await ask({
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/json',
          ...signatureOf(await readSigningSecret(secretFile), body),
          'idempotency-key': slip.id,
        },
        body,
        signal,
      })
      if (!isTaken(answer)) throw refusedBy(url.host, answer)
      return `handed over to ${url.host}`
    },
  }
}
