import { openCallers, type Callers } from '@catena/callers'
import { ACCESS_DEFAULTS, freePort, systemClock, type AccessSettings, type ProviderSettings } from '@catena/platform'
import { startTestProvider, type TestPerson, type TestProvider } from '@catena/testing'
import { createApi } from '../src/create-api.js'
import { startRecordedApi, type RecordedApi } from './recorded-api.js'

export const ALICE: TestPerson = { sub: 'u-alice', name: 'Alice', email: 'alice@tideline.example', groups: ['audit'] }
export const OSKAR: TestPerson = { sub: 'u-oskar', name: 'Oskar', email: 'oskar@tideline.example', groups: ['ops'] }

/** An API that knows people by a real provider, beside the recorded one on the same database. */
export interface SignedInApi {
  readonly url: string
  readonly recorded: RecordedApi
  readonly provider: TestProvider
  readonly callers: Callers
  stop(): Promise<void>
}

export async function startSignedInApi(more: Partial<ProviderSettings> = {}): Promise<SignedInApi> {
  const recorded = await startRecordedApi({ later: /keycloak|ci-/ })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const provider = await startTestProvider(`${url}/login/callback`, ALICE)
  const { instance, reader } = recorded.shared
  const access: AccessSettings = { ...ACCESS_DEFAULTS, url, provider: { ...settingsOf(provider), ...more } }
  const callers = openCallers({
    pool: reader.pool,
    streams: instance.ledger,
    keys: instance.callerKeys,
    clock: systemClock,
    access,
    env: { CATENA_TEST_CLIENT_SECRET: provider.clientSecret },
    localToken: undefined,
  })
  const api = await createApi({ ...recorded.shared, callers })
  await api.listen('127.0.0.1', port)
  return {
    url,
    recorded,
    provider,
    callers,
    stop: async () => {
      await api.close()
      await provider.stop()
      await recorded.stop()
    },
  }
}

function settingsOf({ issuer, clientId, audience }: TestProvider): ProviderSettings {
  return {
    issuer,
    clientId,
    clientSecret: { variable: 'CATENA_TEST_CLIENT_SECRET' },
    audience,
    algorithms: ['RS256', 'ES256'],
    rolesClaim: 'groups',
    roles: new Map([
      ['audit', ['auditor']],
      ['ops', ['operator']],
    ]),
    rolesWithin: new Map([['audit-secret', [{ role: 'auditor', vaults: ['secret'] }]]]),
    personScope: 'keycloak/tideline',
  }
}
