import { createHmac } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { UnreadableRecord } from '@catena/domain'
import { github, verifyGithubSignature, wrapDelivery } from './index.js'

const SECRET = 'only for this test'
const BODY = Buffer.from('{"action":"completed","note":"caf\u00e9"}')

function sign(body: Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

describe('a signature', () => {
  it('of the body by the shared secret is accepted', () => {
    expect(verifyGithubSignature(BODY, sign(BODY, SECRET), SECRET)).toBe(true)
  })

  /** GitHub Docs, "Validating webhook deliveries": the published test values. */
  it('agrees with the vendor on its published values', () => {
    const header = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
    expect(verifyGithubSignature(Buffer.from('Hello, World!'), header, "It's a Secret to Everybody")).toBe(true)
  })

  it.each([
    ['of another body', BODY, sign(Buffer.from('{}'), SECRET), SECRET],
    ['of one byte more', Buffer.concat([BODY, Buffer.from(' ')]), sign(BODY, SECRET), SECRET],
    ['by another secret', BODY, sign(BODY, 'guessed'), SECRET],
    ['that is absent', BODY, undefined, SECRET],
    ['that is cut short', BODY, sign(BODY, SECRET).slice(0, -2), SECRET],
    ['that is no hex', BODY, `sha256=${'z'.repeat(64)}`, SECRET],
    ['of the older SHA-1 header', BODY, sign(BODY, SECRET).replace('sha256', 'sha1'), SECRET],
    ['where no secret is set', BODY, sign(BODY, ''), ''],
  ])('%s is refused', (_, body, header, secret) => {
    expect(verifyGithubSignature(body, header, secret)).toBe(false)
  })
})

describe('a delivery over HTTP', () => {
  const headers = { 'x-github-event': 'workflow_run', 'x-github-delivery': 'd-1', cookie: 'session=1' }

  it('becomes a record with its two headers and the body as sent', () => {
    const body = '{ "action":"requested", "workflow_run": { "id": 12100450001 } }'
    expect(wrapDelivery(headers, body)).toBe(
      `{"headers":{"X-GitHub-Event":"workflow_run","X-GitHub-Delivery":"d-1"},"payload":${body}}`,
    )
    expect(github.identify(github.parse(wrapDelivery(headers, body))).type).toBe('workflow_run.requested')
  })

  it.each([
    [
      'closes the wrapper and writes headers of its own',
      '{"action":"x"},"headers":{"X-GitHub-Event":"deployment_review"}',
    ],
    ['is a form', 'payload=%7B%7D'],
    ['is a list', '[]'],
    ['is empty', ''],
  ])('is unreadable where the body %s', (_, body) => {
    expect(() => wrapDelivery(headers, body)).toThrow(UnreadableRecord)
  })
})
