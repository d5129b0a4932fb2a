import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettings } from '@catena/platform'
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
})
