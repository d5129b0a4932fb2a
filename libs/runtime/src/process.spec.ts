import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettings, runningServer } from '@catena/platform'
import { afterAll, describe, expect, it } from '@jest/globals'
import { explain, startProcess } from './process.js'

describe('a start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catena-process-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const refusal = (env: Record<string, string>): Promise<unknown> =>
    startProcess([], readSettings({ LOG_LEVEL: 'silent', ...env }), {}).catch((error: unknown) => error)

  it('on a port that is taken says so and leaves nothing on disk', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    const data = join(folder, 'data')
    expect(explain(await refusal({ CATENA_DATA: data, CATENA_PORT: String(port) }))).toBe(
      `port ${port} is taken: stop what holds it, or choose another with CATENA_PORT`,
    )
    expect(existsSync(data)).toBe(false)
    await new Promise((resolve) => holder.close(resolve))
  })

  it('on an address that is not this machine’s says so', async () => {
    const data = join(folder, 'data')
    expect(explain(await refusal({ CATENA_DATA: data, CATENA_PORT: '4711', CATENA_HOST: '192.0.2.1' }))).toBe(
      'nothing can listen on 192.0.2.1 (EADDRNOTAVAIL): check CATENA_HOST',
    )
    expect(existsSync(data)).toBe(false)
  })

  it.each([
    ['that others may read', 0o644, 32, 'is open to other users: chmod 600'],
    ['that is damaged', 0o600, 5, 'is no installation key (32 bytes): restore it from a backup'],
  ])('with an installation key %s says so in one line, and leaves no server running', async (_, mode, bytes, words) => {
    const data = join(folder, words.slice(0, 5))
    mkdirSync(data, { mode: 0o711 })
    chmodSync(folder, 0o711)
    const key = join(data, 'installation.key')
    writeFileSync(key, Buffer.alloc(bytes))
    chmodSync(key, mode)
    const told = explain(await refusal({ CATENA_DATA: data, CATENA_PORT: '0' }))
    expect(told.startsWith(`${key} ${words}`)).toBe(true)
    expect(told).not.toContain('\n')
    expect(await runningServer(join(data, 'postgres'))).toBeUndefined()
  })

  it('with a certificate that is not there says so, and makes no database', async () => {
    const data = join(folder, 'tls')
    mkdirSync(data, { mode: 0o711 })
    const missing = join(data, 'missing.pem')
    writeFileSync(join(data, 'catena.yaml'), `access: { tls: { cert_file: ${missing}, key_file: ${missing} } }\n`)
    expect(explain(await refusal({ CATENA_DATA: data, CATENA_PORT: '0' }))).toBe(
      `access.tls has a mistake:\n  cannot be used (ENOENT: no such file or directory, open '${missing}'): check cert_file, key_file and client_ca_file`,
    )
    expect(existsSync(join(data, 'postgres'))).toBe(false)
  })

  it('of which a part fails leaves no server running', async () => {
    const data = join(folder, 'part')
    const settings = readSettings({ LOG_LEVEL: 'silent', CATENA_DATA: data, CATENA_PORT: '0' })
    const part = {
      module: class {
        readonly name = 'part'
      },
      providers: [{ provide: 'x', useFactory: () => Promise.reject(new Error('broken')) }],
    }
    await expect(startProcess([part], settings, {})).rejects.toThrow('broken')
    expect(await runningServer(join(data, 'postgres'))).toBeUndefined()
  })
})
