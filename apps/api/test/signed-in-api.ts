import { openCallers, type Callers } from '@catena/callers'
import { ACCESS_DEFAULTS, systemClock, type Clock, type ProviderSettings } from '@catena/platform'
import { startTestProvider, steadyPort, type TestPerson, type TestProvider } from '@catena/testing'
import { createApi } from '../src/create-api.js'
import { startRecordedApi, type RecordedApi } from './recorded-api.js'

export const ALICE: TestPerson = { sub: 'u-alice', name: 'Alice', email: 'alice@tideline.example', groups: ['audit'] }
export const OSKAR: TestPerson = { sub: 'u-oskar', name: 'Oskar', email: 'oskar@tideline.example', groups: ['ops'] }

/** An API that knows people by an identity provider, beside the recorded one on the same database. */
export interface ProvidedApi {
  readonly url: string
  readonly recorded: RecordedApi
  readonly callers: Callers
  stop(): Promise<void>
}

/** The same with a provider in this process. */
export interface SignedInApi extends ProvidedApi {
  readonly provider: TestProvider
}

/** The variable in which the client's secret is. */
export const SECRET_VARIABLE = 'CATENA_TEST_CLIENT_SECRET'

interface Provided {
  readonly settings: ProviderSettings
  readonly clientSecret: string
}

/** `describe` gets the address under which the API will answer. */
export async function startProvidedApi(
  describe: (url: string) => Promise<Provided>,
  clock: Clock = systemClock,
): Promise<ProvidedApi> {
  const recorded = await startRecordedApi({ later: /keycloak|ci-/ })
  const port = await steadyPort()
  const url = `http://127.0.0.1:${port}`
  const { settings: provider, clientSecret } = await describe(url)
  const { instance, reader } = recorded.shared
  const callers = openCallers({
    pool: reader.pool,
    streams: instance.ledger,
    keys: instance.callerKeys,
    clock,
    access: { ...ACCESS_DEFAULTS, url, provider },
    env: { [SECRET_VARIABLE]: clientSecret },
    localToken: undefined,
  })
  const api = await createApi({ ...recorded.shared, callers })
  await api.listen('127.0.0.1', port)
  const stop = async (): Promise<void> => {
    await api.close()
    await recorded.stop()
  }
  return { url, recorded, callers, stop }
}

interface SignedInOptions {
  readonly settings?: Partial<ProviderSettings>
  readonly clock?: Clock
  readonly offersDevices?: boolean
}

export async function startSignedInApi({ settings, clock, offersDevices }: SignedInOptions = {}): Promise<SignedInApi> {
  let provider: TestProvider | undefined
  const api = await startProvidedApi(async (url) => {
    provider = await startTestProvider(`${url}/login/callback`, ALICE, offersDevices === undefined ? {} : { offersDevices }) // prettier-ignore
    return { settings: { ...settingsOf(provider), ...settings }, clientSecret: provider.clientSecret }
  }, clock)
  if (provider === undefined) throw new Error('no provider was started')
  const started = provider
  return { ...api, provider, stop: () => api.stop().then(() => started.stop()) }
}

function settingsOf({ issuer, clientId, audience }: TestProvider): ProviderSettings {
  return {
    issuer,
    clientId,
    clientSecret: { variable: SECRET_VARIABLE },
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
