import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { makeCertificates, type CollectorCertificates } from './certificates.js'
import { BY, openDeliveryStage, type DeliveryStage } from './delivery-stage.js'

describe('a webhook receiver that takes only callers with a certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catena-client-certificate-'))
  const callers: string[] = []
  let certificates: CollectorCertificates
  let stage: DeliveryStage
  let server: ReturnType<typeof createServer>
  beforeAll(async () => {
    certificates = makeCertificates(folder)
    const { cert, key } = certificates.server
    server = createServer({ cert, key, ca: certificates.authority.cert, requestCert: true, rejectUnauthorized: true })
    server.on('request', (request, response) => {
      callers.push((request.socket as unknown as { getPeerCertificate(): { subject: { CN: string } } }).getPeerCertificate().subject.CN) // prettier-ignore
      request.resume().on('end', () => response.end())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    stage = await openDeliveryStage()
  }, 60_000)
  afterAll(async () => {
    await stage.close()
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true })
  })

  const tested = async (id: string, files: object) => {
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
    const target = { url, allow_private: true, servername: 'collector.test', secret_env: 'CATENA_EXPORT_SPEC', ...files } // prettier-ignore
    expect(await stage.desk.add({ id, kind: 'webhook', format: 'ecs', target }, BY)).toBeUndefined()
    return stage.desk.test(id, 3_000)
  }

  it('R8.1 is served with that certificate, and no other caller of Catena says that it was', async () => {
    const { authority, client, otherAuthority: other } = certificates
    const own = { ca_file: authority.certFile, cert_file: client.certFile, key_file: client.keyFile }
    expect(await tested('known', own)).not.toHaveProperty('fault')
    expect(callers).toEqual(['collector.test'])
    expect(await tested('nameless', { ca_file: authority.certFile })).toMatchObject({ fault: expect.stringMatching(/certificate required/i) }) // prettier-ignore
    expect(await tested('foreign', { ...own, cert_file: other.certFile, key_file: other.keyFile })).toMatchObject({ fault: expect.stringMatching(/unknown ca|hang up/i) }) // prettier-ignore
    expect(await tested('unsure', { ...own, ca_file: other.certFile })).toMatchObject({ fault: expect.stringMatching(/certificate|issuer/) }) // prettier-ignore
    expect(callers).toHaveLength(1)
  })
})
