import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { formatInstant } from '@catena/domain'
import type { ChatSettings, WebhookSettings } from '@catena/platform'
import { ChannelFailed, type Channel } from './channel.js'

const ANSWER_MS = 15_000

/** JSON, signed: `catena-signature: sha256=<hex>` is HMAC-SHA-256 of the body under the shared secret. */
export function webhookChannel({ id, url, secretFile }: WebhookSettings): Channel {
  return {
    id,
    send: async ({ person, name, email }, { subject, link, due }, signal) => {
      const body = JSON.stringify({
        type: 'review-digest',
        to: { person, name, email },
        subject,
        link,
        due: due.map((each) => ({ ...each, dueAt: formatInstant(each.dueAt) })),
      })
      const signature = createHmac('sha256', await textOf(secretFile))
        .update(body)
        .digest('hex')
      await post(url, body, signal, { 'catena-signature': `sha256=${signature}` })
    },
  }
}

/** A chat's incoming webhook, as Slack, Mattermost, Rocket.Chat and Teams understand it: `{"text": …}`. Its URL is a secret, so it is in a file. */
export function chatChannel({ id, urlFile }: ChatSettings): Channel {
  return {
    id,
    send: async ({ name }, { text }, signal) => {
      const url = await textOf(urlFile)
      if (!URL.canParse(url)) throw new ChannelFailed(`${urlFile} holds no URL`)
      await post(new URL(url), JSON.stringify({ text: `${name}: ${text}` }), signal)
    },
  }
}

async function post(url: URL, body: string, signal: AbortSignal, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
  }).catch((error: unknown) => {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    throw new ChannelFailed(`${url.host} cannot be reached: ${cause?.code ?? name}`)
  })
  await response.body?.cancel()
  if (!response.ok) throw new ChannelFailed(`${url.host} answered ${response.status}`)
}

async function textOf(path: string): Promise<string> {
  const text = (await readFile(path, 'utf8').catch(() => '')).trim()
  if (text === '') throw new ChannelFailed(`${path} is empty or cannot be read`)
  return text
}
