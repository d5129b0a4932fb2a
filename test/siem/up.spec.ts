import { readLocalToken } from '@catena/callers'
import { readSettings } from '@catena/platform'
import { openRecording, startTestPostgres } from '@catena/testing'
import { expect, it } from '@jest/globals'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAll } from '../../apps/cli/src/up.js'

it('R8.1 a record that came in by HTTP is in the feed of `npm start`', async () => {
  const [postgres, recording] = [await startTestPostgres(), await openRecording()]
  const folder = mkdtempSync(join(tmpdir(), 'catena-up-'))
  const env = { CATENA_DATA: folder, DATABASE_URL: postgres.databaseUrl, CATENA_PORT: '0', LOG_LEVEL: 'silent' }
  const configuration = {
    file: undefined,
    sources: recording.sources,
    walk: {},
    webhookSecrets: new Map(),
  }
  const running = await startAll(readSettings(env), env, configuration)
  try {
    const { source, path } = recording.files.find((file) => file.path.includes('keycloak-events'))!
    const headers = {
      authorization: `Bearer ${(await readLocalToken(folder)) ?? ''}`,
      'content-type': 'application/json',
    }
    const taken = await fetch(`${running.url}/ingest/${source.id}`, {
      method: 'POST',
      headers,
      body: readFileSync(path),
    })
    expect(taken.status).toBe(200)
    const answer = await fetch(`${running.url}/v1/events?wait=20&kinds=login&format=ecs`, {
      headers: { ...headers, accept: 'application/json' },
    })
    expect(await answer.json()).toMatchObject({
      events: expect.arrayContaining([
        expect.objectContaining({ event: expect.objectContaining({ action: 'login', provider: source.id }) }),
      ]),
    })
  } finally {
    await running.stop()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)
