import { describe, expect, it } from '@jest/globals'
import { readDestination } from './read-destination.js'

const SOURCES = ['idp', 'vault']
const HEX = '0123456789abcdef'.repeat(2)

function toUrl(url: string) {
  return readDestination({ id: 'x', kind: 'webhook', format: 'ecs', target: { url, secret_env: 'CATENA_EXPORT_X' } }, SOURCES) // prettier-ignore
}

function filtered(filter: unknown) {
  return readDestination({ id: 'x', kind: 'files', format: 'ecs', target: { folder: '/out' }, filter }, SOURCES)
}

describe('the URL of a destination', () => {
  it.each([
    'https://ana@soc.example/in',
    'https://:word@soc.example/in',
    'https://soc.example/in?token=x',
    'https://soc.example/in?x=aB3dE5gH7jK9mN1pQ3sT5v',
    'https://soc.example/in#access_token=x',
    'https://chat.example/services/T0A1B2C3D/B0A1B2C3D/aB3dE5gH7jK9mN1pQ3sT5vWx',
    `https://soc.example/webhook/3f2504e0-4f89-41d3-9a0c-0305e82c3301@3f2504e0-4f89-41d3-9a0c-0305e82c3302/IncomingWebhook/${HEX}/x`,
    'https://soc.example/receiver/v1/http/ZaVnC4dhaV3lQm9xR0tYb2pQ-1k2Jw8s_Kd0f4Lz==',
    'https://hooks.slack.com/workflows/x',
    'https://soc.example/in%2FaB3dE5gH7jK9mN1pQ3sT5v',
  ])('R2.6 is refused where it holds a secret: %s', (url) => {
    expect(() => toUrl(url)).toThrow(/^target.url must hold no user, password, token or key, in its path neither: .* Name a secret by secret_env/)
    // What is refused is not repeated.
    expect(() => toUrl(url)).not.toThrow(new RegExp('soc.example|chat.example|slack'))
  }) // prettier-ignore

  it.each([
    'https://splunk.example:8088',
    'https://soc.example/api/v2/logs',
    'https://soc.example/webhooks/customer-facing-production-2026-12-01',
    'https://soc.example/SecurityOperationsCenterIngestV2/events.json?index=catena_events_2026&pretty=true',
    'https://soc.example/tenants/3f2504e0-4f89-41d3-9a0c-0305e82c3301/events',
    'https://hooks.eu-central-1.example.amazonaws.example/accounts/123456789012345678901234/in',
    'https://soc.example/%E0%A4%A/in',
  ])('is taken where it holds none: %s', (url) => {
    expect(toUrl(url).target).toMatchObject({ url })
  })
})

describe('the filter of a destination', () => {
  it('R8.1 is refused for one name that is unknown, though another is known', () => {
    expect(() => filtered({ sources: ['vault', 'vualt'] })).toThrow('filter.sources names vualt, which is no source: there are idp, vault, catena') // prettier-ignore
    expect(() => filtered({ kinds: ['credential-retrieved', 'credential-retreived'] })).toThrow(/^filter.kinds.1 /)
    expect(filtered({ sources: ['vault', 'catena'] }).filter.sources).toEqual(['vault', 'catena'])
  })
})
