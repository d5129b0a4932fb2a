import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Key } from '@catena/domain'
import type { EmailSettings } from '@catena/platform'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { SMTPServer } from 'smtp-server'
import { emailChannel } from './channels/email.js'
import { chatChannel, webhookChannel } from './channels/post.js'
import { digestOf, type Digest } from './digest.js'

const NOW = Date.UTC(2026, 5, 10, 12)
const DAY_MS = 86_400_000
const ANA = { person: 'person:idp:ana' as Key, name: 'Ana', email: 'ana@example.org' }
const signal = new AbortController().signal
const folder = mkdtempSync(join(tmpdir(), 'catena-notification-'))
const digest = digestOf([{ campaign: 'q@1', name: 'Quarterly', items: 3, dueAt: NOW + DAY_MS }], NOW, 'https://catena.test') // prettier-ignore

describe('a digest', () => {
  it('is one message about all campaigns, the most urgent first, and says what is overdue', () => {
    const { subject, text, link } = digestOf(
      [
        { campaign: 'a', name: 'Yearly', items: 1, dueAt: NOW + 9 * DAY_MS },
        { campaign: 'b', name: 'Monthly', items: 4, dueAt: NOW - DAY_MS },
      ],
      NOW,
      'https://catena.test',
    )
    expect(subject).toBe('5 accesses to review, some overdue')
    expect(text.split('\n').filter((line) => line.startsWith('- '))).toEqual([
      '- Monthly: 4 accesses, overdue since 2026-06-09 12:00 UTC',
      '- Yearly: 1 access, due by 2026-06-19 12:00 UTC',
    ])
    expect(text).toContain('https://catena.test/review')
    expect(link).toBe('https://catena.test/review')
  })
})

describe('mail, to a real SMTP server', () => {
  let server: SMTPServer
  let port: number
  let mails: { to: string[]; text: string; secure: boolean; user: unknown }[]

  beforeAll(async () => {
    const openssl = (...given: string[]): void => void execFileSync('openssl', given, { cwd: folder, stdio: 'ignore' })
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', 'key.pem', '-out', 'cert.pem') // prettier-ignore
    writeFileSync(join(folder, 'password'), 'hush\n')
    server = new SMTPServer({
      key: readFileSync(join(folder, 'key.pem')),
      cert: readFileSync(join(folder, 'cert.pem')),
      authOptional: true,
      logger: false,
      onAuth: ({ username, password }, _session, done) =>
        username === 'catena' && password === 'hush' ? done(null, { user: username }) : done(new Error('no')),
      onRcptTo: ({ address }, _session, done) => (address.startsWith('gone') ? done(new Error('no such user')) : done()), // prettier-ignore
      onData: (stream, { envelope, secure, user }, done) => {
        let text = ''
        stream.on('data', (piece: Buffer) => (text += piece.toString()))
        stream.on('end', () => {
          mails.push({ to: envelope.rcptTo.map(({ address }) => address), text, secure, user })
          done()
        })
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.server.address() as AddressInfo).port
  })
  beforeEach(() => {
    mails = []
  })
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

  const settings = (more: Partial<EmailSettings> = {}): EmailSettings => ({
    id: 'email', host: 'localhost', port, tls: 'starttls', user: 'catena', passwordFile: join(folder, 'password'),
    caFile: join(folder, 'cert.pem'), from: 'catena@example.org', ...more,
  }) // prettier-ignore

  it('arrives over TLS, signed in, with the digest and the link', async () => {
    await emailChannel(settings()).send(ANA, digest, signal)
    expect(mails).toMatchObject([{ to: ['ana@example.org'], secure: true, user: 'catena' }])
    expect(mails[0]?.text).toMatch(/^Subject: 3 accesses to review\r$/m)
    expect(mails[0]?.text).toContain('https://catena.test/review')
    expect(mails[0]?.text).not.toContain('hush')
  })

  it.each<[string, Partial<EmailSettings>, Partial<typeof ANA>, RegExp]>([
    ['a certificate that nobody vouches for', { caFile: undefined }, {}, /did not take it \(ESOCKET|did not take it \(ETLS|did not take it \(/],
    ['a wrong password', { passwordFile: join(folder, 'cert.pem') }, {}, /EAUTH/],
    ['an address that is refused', {}, { email: 'gone@example.org' }, /EENVELOPE 5\d\d/],
    ['a server that is not there', { port: 9 }, {}, /ESOCKET|ECONNECTION/],
    ['a password file that is missing', { passwordFile: '/none' }, {}, /\/none is empty or cannot be read/],
  ])('fails with what is wrong: %s', async (_, wrong, whom, message) => {
    await expect(emailChannel(settings(wrong)).send({ ...ANA, ...whom }, digest, signal)).rejects.toThrow(message)
    expect(mails).toEqual([])
  }) // prettier-ignore

  it('to somebody without an address is not sent', async () => {
    await expect(emailChannel(settings()).send({ ...ANA, email: undefined }, digest, signal)).rejects.toThrow(
      'no directory has an e-mail address of Ana',
    )
  })

  it('never puts a name into the head of a mail as a line of its own', async () => {
    const hostile: Digest = { ...digest, subject: 'x\r\nBcc: evil@example.org' }
    await emailChannel(settings()).send({ ...ANA, name: 'A\r\nBcc: evil@example.org' }, hostile, signal)
    expect(mails[0]?.to).toEqual(['ana@example.org'])
    expect(mails[0]?.text).not.toMatch(/^Bcc:/m)
  })
})

describe('webhooks', () => {
  let server: Server
  let base: URL
  let seen: { path: string; signature: unknown; body: string }[]
  let status = 200

  beforeAll(async () => {
    writeFileSync(join(folder, 'secret'), 'hush')
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (piece: Buffer) => (body += piece.toString()))
      request.on('end', () => {
        seen.push({ path: request.url ?? '', signature: request.headers['catena-signature'], body })
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
  beforeEach(() => {
    seen = []
    status = 200
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true })
  })

  it('are signed', async () => {
    await webhookChannel({ id: 'w', url: new URL('/hook', base), secretFile: join(folder, 'secret') }).send(ANA, digest, signal) // prettier-ignore
    const [{ signature, body } = { signature: '', body: '' }] = seen
    expect(signature).toBe(`sha256=${createHmac('sha256', 'hush').update(body).digest('hex')}`)
    expect(JSON.parse(body)).toMatchObject({ type: 'review-digest', to: { name: 'Ana' }, due: [{ campaign: 'q@1', items: 3 }] }) // prettier-ignore
  })

  it('of chats call nobody and lead nowhere by a name that somebody chose', async () => {
    writeFileSync(join(folder, 'chat'), new URL('/hook', base).href)
    for (const name of ['<!channel>', '@all', '<https://evil.example/review|Sign in>', '[Sign in](https://evil.example)', 'Ana\n@here'])
      await chatChannel({ id: 'c', urlFile: join(folder, 'chat') }).send({ ...ANA, name }, digest, signal)
    await chatChannel({ id: 'c', urlFile: join(folder, 'chat') }).send({ ...ANA, name: 'Zoë O’Brien-Łuć, Jr.' }, digest, signal)
    const texts = seen.map(({ body }) => (JSON.parse(body) as { text: string }).text)
    expect(texts.at(-1)).toBe(`Zoë O’Brien-Łuć, Jr.: ${digest.text}`)
    for (const text of texts) expect(text.slice(0, -digest.text.length)).toMatch(/^[\p{L} .,’-]+: $/u)
  }) // prettier-ignore

  it('of chats get the text, at a URL that is never told', async () => {
    writeFileSync(join(folder, 'chat'), new URL('/services/T0/B0/secret', base).href)
    const chat = chatChannel({ id: 'c', urlFile: join(folder, 'chat') })
    await chat.send(ANA, digest, signal)
    expect(JSON.parse(seen[0]?.body ?? '{}')).toEqual({ text: `Ana: ${digest.text}` })
    status = 404
    await expect(chat.send(ANA, digest, signal)).rejects.toThrow(/answered 404$/)
    await expect(chat.send(ANA, digest, signal)).rejects.not.toThrow(/secret/)
  })
})
