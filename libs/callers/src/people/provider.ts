import { readFile } from 'node:fs/promises'
import { ConfigurationError, guardedFetch, isLoopback, type ProviderSettings } from '@catena/platform'
import * as oidc from 'openid-client'

/** Longest wait for the identity provider, seconds. */
const TIMEOUT_S = 10
/** How long what the provider says of itself counts, ms. */
const DISCOVERY_MS = 10 * 60_000

/** The provider cannot be asked now. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable'
  readonly retryable = true
}

/** An identity provider as it describes itself, asked when first needed and now and then anew. */
export class IdentityProvider {
  private asked:
    | { readonly at: number; readonly secret: string | undefined; readonly found: Promise<oidc.Configuration> }
    | undefined

  constructor(
    readonly settings: ProviderSettings,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {
    this.fetch = guardedFetch(isLoopback(new URL(settings.issuer).hostname))
  }

  /** Its description names further addresses, and they are not taken on trust. */
  readonly fetch: ReturnType<typeof guardedFetch>

  /** Throws ProviderUnavailable. A client secret that was exchanged counts from the next call on. */
  async configuration(): Promise<oidc.Configuration> {
    const secret = await this.clientSecret()
    const { asked } = this
    if (asked === undefined || asked.secret !== secret || Date.now() - asked.at > DISCOVERY_MS) {
      const found = this.discover(secret)
      this.asked = { at: Date.now(), secret, found }
      found.catch(() => (this.asked = asked))
    }
    return (this.asked ?? { found: this.discover(secret) }).found
  }

  private async discover(secret: string | undefined): Promise<oidc.Configuration> {
    const issuer = new URL(this.settings.issuer)
    const auth = secret === undefined ? oidc.None() : oidc.ClientSecretBasic(secret)
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- a provider on loopback is for tests and has no certificate
    const execute = isLoopback(issuer.hostname) ? [oidc.allowInsecureRequests] : []
    try {
      const options = { execute, timeout: TIMEOUT_S, [oidc.customFetch]: this.fetch }
      return await oidc.discovery(issuer, this.settings.clientId, {}, auth, options)
    } catch (error) {
      throw new ProviderUnavailable(`the identity provider at ${issuer.host} does not answer as one`, { cause: error })
    }
  }

  private async clientSecret(): Promise<string | undefined> {
    const { clientSecret } = this.settings
    if (clientSecret === undefined) return undefined
    const secret =
      'variable' in clientSecret
        ? this.env[clientSecret.variable]
        : await readFile(clientSecret.file, 'utf8').catch(() => undefined)
    if (secret === undefined || secret.trim() === '')
      throw new ConfigurationError('access.provider', ['the client secret is not set or cannot be read'])
    return secret.trim()
  }
}
