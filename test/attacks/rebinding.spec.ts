import { createSocket, type Socket } from 'node:dgram'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Key } from '@catena/domain'
import { ask, guardedFetch, type Resolve } from '@catena/platform'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SMTPServer } from 'smtp-server'
import { emailChannel } from '../../libs/notification/src/channels/email.js'
import { openPoster } from '../../libs/siem/src/sinks/post.js'
import { openSyslog } from '../../libs/siem/src/sinks/syslog.js'
import { sampleOf } from '../../libs/siem/src/testing/samples.js'

/** A name whose owner answers harmlessly when it is looked at, and with a cloud's metadata ever after. */
function rebinding(first: string): Resolve & { readonly asked: string[] } {
  const asked: string[] = []
  const resolve = (host: string): Promise<readonly string[]> => {
    asked.push(host)
    return Promise.resolve([asked.length === 1 ? first : '169.254.169.254'])
  }
  return Object.assign(resolve, { asked })
}

const signal = AbortSignal.timeout(10_000)
const reached: string[] = []
let server: Server
let port: number
beforeAll(async () => {
  server = createServer((request, response) => {
    reached.push(`${request.headers.host}${request.url}`)
    response.end('{"code":0}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))))

/** Only the look that was allowed can have led here: no resolver knows the name, and a second look would lead to the metadata. */
async function expectPinned(resolve: ReturnType<typeof rebinding>, asking: () => Promise<unknown>): Promise<void> {
  reached.length = 0
  await asking()
  expect(reached).toEqual([`rebinding.invalid:${port}/x`])
  expect(resolve.asked).toEqual(['rebinding.invalid'])
  await expect(asking()).rejects.toThrow(/clouds/)
  expect(reached).toHaveLength(1)
}

describe('a name that is somewhere else when it is asked for again', () => {
  const url = (): URL => new URL(`http://rebinding.invalid:${port}/x`)

  it('R8.1 does not lead the keys and description of an identity provider astray', async () => {
    const resolve = rebinding('127.0.0.1')
    await expectPinned(resolve, () => guardedFetch(true, resolve)(url()))
  })

  it('R8.1 does not lead webhooks and collectors astray', async () => {
    const resolve = rebinding('127.0.0.1')
    const poster = openPoster({ url: url(), tls: {}, allowPrivate: true, resolve })
    await expectPinned(resolve, () => poster.post('/x', {}, '{}', signal))
    poster.close()
  })

  it('R8.1 does not lead what is asked of Vault, Keycloak, GitHub, chats and hand-over webhooks to this machine or a cloud', async () => {
    for (const address of ['127.0.0.1', '169.254.169.254', '::ffff:7f00:1', 'fd00:ec2::254']) {
      reached.length = 0
      const asked = ask({ method: 'GET', url: url(), signal }, () => Promise.resolve([address]))
      await expect(asked).rejects.toThrow(/resolves to/)
      expect(reached).toEqual([])
    }
  })

  it('R8.1 does not lead datagrams of syslog astray, nor a stream', async () => {
    const receiver = createSocket('udp4')
    await new Promise<void>((bound) => receiver.bind(0, '127.0.0.1', bound))
    const got = datagram(receiver)
    const resolve = rebinding('127.0.0.1')
    const udp = openSyslog({ host: 'rebinding.invalid', port: receiver.address().port, transport: 'udp', tls: {}, resolve }) // prettier-ignore
    const batch = [{ event: sampleOf('login', {}, 1), text: 'once' }]
    expect(await udp.send(batch, signal)).toEqual(['delivered'])
    expect(await got).toContain('once')
    await expect(udp.send(batch, signal)).rejects.toThrow(/clouds/)
    await udp.close()
    await new Promise<void>((closed) => receiver.close(closed))

    const again = rebinding('127.0.0.1')
    const tcp = openSyslog({ host: 'rebinding.invalid', port, transport: 'tcp', tls: {}, resolve: again })
    expect(await tcp.send(batch, signal)).toEqual(['delivered'])
    await tcp.close()
    await expect(tcp.send(batch, signal)).rejects.toThrow(/clouds/)
  })
})

describe('a mail server whose name is somewhere else when it is asked for again', () => {
  let mail: SMTPServer
  let mails: string[]
  beforeAll(async () => {
    mails = []
    mail = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      onData: (stream, { envelope }, done) => {
        mails.push(...envelope.rcptTo.map(({ address }) => address))
        stream.resume().once('end', done)
      },
    })
    await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => new Promise<void>((resolve) => mail.close(resolve)))

  const ana = { person: 'person:idp:ana' as Key, name: 'Ana', email: 'ana@example.org' }
  const digest = { subject: 's', text: 't', link: 'https://catena.test/review', due: [] }
  const open = { user: undefined, passwordFile: undefined, caFile: undefined, from: 'catena@example.org' }
  const send = (resolve: Resolve, host = 'rebinding.invalid') => {
    const { port: at } = mail.server.address() as AddressInfo
    return emailChannel({ id: 'email', host, port: at, tls: 'none', ...open }, resolve).send(ana, digest, signal)
  }

  it('R8.1 is connected to where it was looked at, and at a cloud never', async () => {
    const resolve = rebinding('127.0.0.1')
    await send(resolve)
    // Who would look a second time while it connects would have met the cloud, or found no name.
    expect([mails, resolve.asked]).toEqual([['ana@example.org'], ['rebinding.invalid']])
    await expect(send(resolve)).rejects.toThrow(/rebinding\.invalid resolves to 169\.254\.169\.254.*clouds/)
    expect(mails).toHaveLength(1)
  })

  it.each(['169.254.169.254', '::ffff:a9fe:a9fe', 'fd00:ec2::254'])('R8.1 is not asked at %s', async (address) => {
    for (const [host, resolved] of [['mail.invalid', ['127.0.0.1', address]], [address, []]] as const)
      await expect(send(() => Promise.resolve(resolved), host)).rejects.toThrow(/clouds/)
  }) // prettier-ignore
})

function datagram(receiver: Socket): Promise<string> {
  return new Promise((resolve) => receiver.once('message', (message) => resolve(String(message))))
}
