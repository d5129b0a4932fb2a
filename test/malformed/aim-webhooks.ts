import { createHmac } from 'node:crypto'
import { WEBHOOK_SECRET } from '../attacks/attacked-catena.js'
import type { Malformer } from './malformer.js'
import { shot, type Aim } from './shoot.js'

const sender = { id: 101, login: 'ada', type: 'User' }
const repository = { id: 3, full_name: 'acme/shop', owner: { id: 1, login: 'acme' } }
const BODIES: readonly (readonly [event: string, body: object])[] = [
  ['workflow_run', { action: 'requested', workflow_run: { id: 4711, run_attempt: 1, status: 'waiting', created_at: '2026-11-20T10:00:00Z' }, repository, sender }],
  ['membership', { action: 'added', scope: 'team', member: sender, team: { id: 5, slug: 'on-call' }, sender, organization: { id: 1, login: 'acme' } }],
  ['deploy_key', { action: 'created', key: { id: 7, title: 'ci', read_only: false, created_at: '2026-11-20T10:00:00Z' }, repository, sender }],
] // prettier-ignore
const GITLAB = { id: 'b5b7', author_id: 9, entity_id: 5, entity_type: 'Project', event_type: 'deploy_token_created', created_at: '2026-11-20T10:00:00Z', details: { author_name: 'ada', target_id: 3 } } // prettier-ignore
const ENCODINGS = ['identity', 'gzip', 'br', 'gzip, gzip']

/** Deliveries whose signature or secret is right, so that what reads the body is reached; some with headers that are not. */
export const aimWebhooks: Aim =
  ({ url }, malformer) =>
  async () => {
    const [path, body, headers] = malformer.next() < 0.7 ? github(malformer) : gitlab(malformer)
    const encoded = malformer.next() < 0.05 ? { 'content-encoding': malformer.pick(ENCODINGS) } : {}
    return shot(`${url}/ingest/${path}`, { method: 'POST', headers: { ...headers, ...encoded }, body })
  }

type Delivery = readonly [source: string, body: Buffer, headers: Record<string, string>]

function github(malformer: Malformer): Delivery {
  const [event, whole] = malformer.pick(BODIES)
  const body = Buffer.from(malformer.spoil(JSON.stringify(whole)))
  const signature = `sha256=${createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex')}`
  const headers = {
    'x-github-event': malformer.next() < 0.1 ? printable(malformer.spoil(event)) : event,
    'x-github-delivery': malformer.next() < 0.1 ? printable(malformer.spoil('d-1')) : `d-${malformer.next()}`,
    'x-hub-signature-256': malformer.next() < 0.1 ? printable(malformer.spoil(signature)) : signature,
  }
  return ['code', body, headers]
}

function gitlab(malformer: Malformer): Delivery {
  const token = malformer.next() < 0.1 ? printable(malformer.spoil(WEBHOOK_SECRET)) : WEBHOOK_SECRET
  const name = malformer.pick(['x-gitlab-token', 'x-gitlab-event-streaming-token'])
  return ['lab', Buffer.from(malformer.spoil(JSON.stringify(GITLAB))), { [name]: token }]
}

/** What a client can put into a header at all. */
function printable(text: string): string {
  return text.replace(/[^\x20-\xff]/g, '?').slice(0, 2_000)
}
