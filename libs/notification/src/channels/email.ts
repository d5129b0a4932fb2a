import { allowedAddresses, OutsideFailed, readSecretFile, type EmailSettings, type Resolve } from '@catena/platform'
import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Channel } from './channel.js'

/** Longest wait for each answer of the mail server, ms. */
const ANSWER_MS = 15_000

/** Mail by SMTP: TLS from the first byte, or by STARTTLS, which a server elsewhere than on this machine must offer. */
export function emailChannel({ id, host, port, tls, user, passwordFile, caFile, from }: EmailSettings, resolve?: Resolve): Channel {
  return {
    id,
    send: async ({ name, email }, { subject, text }) => {
      if (email === undefined) throw new OutsideFailed(`no directory has an e-mail address of ${name}`)
      const auth = user === undefined || passwordFile === undefined ? {} : { auth: { user, pass: await readSecretFile(passwordFile) } }
      const ca = caFile === undefined ? {} : { ca: await readSecretFile(caFile) }
      const transport = createTransport({
        host: await addressOf(host, resolve),
        port,
        secure: tls === 'implicit',
        requireTLS: tls === 'starttls',
        ignoreTLS: tls === 'none',
        tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(isIP(host) === 0 ? { servername: host } : {}), ...ca },
        connectionTimeout: ANSWER_MS,
        greetingTimeout: ANSWER_MS,
        socketTimeout: ANSWER_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
        ...auth,
      })
      try {
        await transport.sendMail({ from, to: { name, address: email }, subject, text })
      } catch (error) {
        const { code = 'ERROR', responseCode } = error as { code?: string; responseCode?: number }
        throw new OutsideFailed(`the mail server ${host}:${port} did not take it (${[code, responseCode].filter((each) => each !== undefined).join(' ')})`)
      } finally {
        transport.close()
      }
    },
  }
} // prettier-ignore

/** Resolved once, and then connected to: the certificate is still the name's. Mail servers stand in private networks, none where clouds serve their credentials. */
async function addressOf(host: string, resolve: Resolve | undefined): Promise<string> {
  try {
    const [first = host] = await allowedAddresses(host, true, resolve)
    return first
  } catch (error) {
    throw new OutsideFailed(`the mail server ${host} cannot be reached: ${(error as Error).message}`)
  }
}
