import { createHmac, timingSafeEqual } from 'node:crypto'

const HEADER = /^sha256=([0-9a-f]{64})$/i

/**
 * Checks `X-Hub-Signature-256` over the exact bytes of the body (GitHub Docs, "Validating webhook deliveries").
 * Takes the same time for every wrong signature. A source without a secret accepts nothing.
 * The signature covers the body only: the event's name and the delivery id in the headers are bound to it by what the body is (contradiction.ts) and by
 * what came before (`Deliveries` of the ledger).
 */
export function verifyGithubSignature(body: Buffer, header: string | undefined, secret: string): boolean {
  const claimed = HEADER.exec(header ?? '')?.[1]
  if (claimed === undefined || secret === '') return false
  return timingSafeEqual(createHmac('sha256', secret).update(body).digest(), Buffer.from(claimed, 'hex'))
}
