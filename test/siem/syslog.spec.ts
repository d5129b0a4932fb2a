import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { hasProgram } from '../../libs/siem/src/testing/tools.js'
import { account, BY, IMPATIENT, openDeliveryStage, SOUND, until, type DeliveryStage } from './delivery-stage.js'
import { hasTlsDriver, prepareRsyslog, readLine, type Rsyslog } from './rsyslog.js'

const isHere = hasProgram('rsyslogd', 'rsyslog rsyslog-openssl') && hasTlsDriver()

describe('a receiver that closes the connection when nothing is under way, and takes the next one at once', () => {
  it('R8.1 is sent again what the lost connection carried', async () => {
    const [connections, server] = [[] as { texts: string[] }[], createServer()]
    server.on('connection', (socket) => {
      const one = { texts: [] as string[] }
      connections.push(one)
      socket.setEncoding('utf8').on('data', (text: string) => one.texts.push(text))
      // The first is closed with what it carried unread, as far as the sender can know.
      if (connections.length === 1) socket.once('data', () => socket.end())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const stage = await openDeliveryStage()
    await stage.tell(3)
    await stage.desk.add({ id: 'plain', kind: 'syslog', format: 'ocsf', target: { host: '127.0.0.1', port, transport: 'tcp' } }, BY) // prettier-ignore
    stage.startEngine()
    const sequences = (): string[] => [...(connections.at(1)?.texts.join('') ?? '').matchAll(/ sequence="(\d+)"/g)].map((match) => match[1] ?? '') // prettier-ignore
    await until(() => sequences().includes('3'))
    await stage.tell(1)
    await until(() => sequences().includes('4'))
    // Longer than the attempt that opened it.
    await new Promise((resolve) => setTimeout(resolve, IMPATIENT.attemptMs + 500))
    await stage.tell(1)
    await until(() => sequences().includes('5'))
    expect(connections).toHaveLength(2)
    expect(sequences()).toEqual(['1', '2', '3', '4', '5'])
    await stage.close()
    server.close()
  }, 40_000)
})

describe('rsyslog over TLS with a client certificate', () => {
  let stage: DeliveryStage
  let rsyslog: Rsyslog
  beforeAll(async () => {
    if (!isHere) return
    stage = await openDeliveryStage()
    rsyslog = await prepareRsyslog()
    await rsyslog.start()
  }, 60_000)
  afterAll(async () => {
    if (!isHere) return
    await stage.close()
    await rsyslog.kill()
    rsyslog.remove()
  }, 30_000)
  const got = () => rsyslog.lines().flatMap((line) => readLine(line) ?? [])
  const target = () => ({ host: '127.0.0.1', port: rsyslog.port, ...rsyslog.target })
  const syslog = (id: string, over: object = {}) => ({ id, kind: 'syslog', format: 'ocsf', target: { ...target(), ...over } }) // prettier-ignore

  it('R8.1 writes every event once, in order, hostile text in one line', async () => {
    if (!isHere) return
    await stage.tell(500)
    await stage.tell(1, { summary: 'two\nlines "quoted" ]\\ \u0000 \u001b[31m <34>1 - - - - - forged' })
    await stage.desk.add(syslog('rsyslog'), BY)
    stage.startEngine()
    await until(() => got().length >= 501)
    expect(rsyslog.lines()).toHaveLength(501)
    expect(account(got(), 501)).toEqual(SOUND)
    expect(rsyslog.lines()[0]).toMatch(/^\[catena@32473 id="[0-9a-f]{32}" sequence="1" revision="1" source="vault"\]/)
  }, 40_000)

  it('R8.1 loses nothing when it is killed and comes again: the last events are sent again under the same ids', async () => {
    if (!isHere) return
    for (let round = 0; round < 3; round++) {
      const sending = stage.tell(700)
      if (round === 1) await sending
      await rsyslog.kill()
      await sending
      await rsyslog.start()
    }
    const total = 501 + 3 * 700
    await until(() => account(got(), total).lost === 0, 30_000)
    expect(account(got(), total)).toEqual(SOUND)
  }, 60_000)

  it('is refused where its certificate is from an authority that is not trusted, or bears another name', async () => {
    if (!isHere) return
    await stage.desk.add(syslog('untrusted', { ca_file: rsyslog.otherCaFile }), BY)
    await stage.desk.add(syslog('misnamed', { servername: 'elsewhere.test' }), BY)
    expect(await stage.desk.test('untrusted', 3_000)).toMatchObject({
      fault: expect.stringMatching(/certificate|issuer/),
    })
    expect(await stage.desk.test('misnamed', 3_000)).toMatchObject({ fault: expect.stringMatching(/Hostname|altnames/) }) // prettier-ignore
    const target = {
      host: '127.0.0.1',
      port: rsyslog.port,
      ca_file: rsyslog.target.ca_file,
      servername: 'collector.test',
    }
    await stage.desk.add({ ...syslog('nameless'), target }, BY)
    expect(await stage.desk.test('nameless', 3_000)).toMatchObject({ fault: expect.stringMatching(/certificate/) })
    const mute = { ...syslog('mute'), target: { host: '127.0.0.1', port: rsyslog.port, ca_file: '/nowhere/ca.pem' } }
    await stage.desk.add(mute, BY)
    expect(await stage.desk.test('mute', 3_000)).toMatchObject({ fault: '/nowhere/ca.pem cannot be read (ENOENT)' })
    const stands = async (id: string) => (await stage.desk.list()).find(({ destination }) => destination.id === id)
    await until(
      async () => ((await stands('mute'))?.failures ?? 0) > 0 && ((await stands('nameless'))?.failures ?? 0) > 0,
    )
    expect((await stands('mute'))?.lastError).toBe('/nowhere/ca.pem cannot be read (ENOENT)')
    expect(await stands('nameless')).toMatchObject({
      sequence: 0,
      delivered: 0,
      lastError: expect.stringMatching(/certificate/),
    })
  }, 20_000)
})
