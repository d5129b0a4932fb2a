import { formatInstant } from '@catena/domain'
import {
  ask,
  isSafeUrl,
  isTaken,
  OutsideFailed,
  readSecretFile,
  readSigningSecret,
  signatureOf,
  type ChatSettings,
  type WebhookSettings,
} from '@catena/platform'
import type { Channel } from './channel.js'

/** JSON, signed by the shared secret. */
export function webhookChannel({ id, url, secretFile }: WebhookSettings): Channel {
  return {
    id,
    send: async ({ person, name, email }, { subject, link, due, type = 'review-digest', contradicted }, signal) => {
      const body = JSON.stringify({
        type,
        to: { person, name, email },
        subject,
        link,
        due: due.map((each) => ({ ...each, dueAt: formatInstant(each.dueAt) })),
        ...(contradicted === undefined ? {} : { contradicted }),
      })
      await post(url, body, signal, signatureOf(await readSigningSecret(secretFile), body))
    },
  }
}

/** A chat's incoming webhook, as Slack, Mattermost, Rocket.Chat and Teams understand it: `{"text": …}`. Its URL is a secret, so it is in a file. */
export function chatChannel({ id, urlFile }: ChatSettings): Channel {
  return {
    id,
    send: async ({ name }, { text }, signal) => {
      const url = await readSecretFile(urlFile)
      if (!isSafeUrl(url)) throw new OutsideFailed(`${urlFile} holds no https:// URL`)
      await post(new URL(url), JSON.stringify({ text: `${plain(name)}: ${text}` }), signal)
    },
  }
}

/** People choose their names, and chats read in them whom to call and where to lead: letters, digits and what stands between them in names are left. */
function plain(name: string): string {
  return name.replace(/[^\p{L}\p{M}\p{N}.,'’-]+/gu, ' ').trim()
}

/** What the receiver says is not told: a chat may answer with its own URL. */
async function post(
  url: URL,
  body: string,
  signal: AbortSignal,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const headers = { 'content-type': 'application/json', ...more }
  const answer = await ask({ method: 'POST', url, headers, body, signal })
  if (!isTaken(answer)) throw new OutsideFailed(`${url.host} answered ${answer.status}`)
}
