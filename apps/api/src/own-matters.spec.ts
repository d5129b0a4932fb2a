/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-return: off -- an answer has the shape of its query */
import { openCallers } from '@catena/callers'
import { sharingView, stewardshipView } from '@catena/governance'
import { ACCESS_DEFAULTS, systemClock } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { DECISION_VIEWS } from '@catena/runtime'
import { asCaller } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { post, startRecordedApi, type RecordedApi } from '../test/recorded-api.js'
import { createApi } from './create-api.js'

type Headers = Readonly<Record<string, string>>

let recorded: RecordedApi
let api: Awaited<ReturnType<typeof createApi>>
let views: DecisionViewRunner
let url: string
let credential: string
beforeAll(async () => {
  recorded = await startRecordedApi()
  const { instance, reader, callers: test } = recorded.shared
  const { callerKeys: keys, ledger: streams, databaseUrl } = instance
  const real = openCallers({ pool: reader.pool, streams, keys, clock: systemClock, access: ACCESS_DEFAULTS, env: {}, localToken: undefined }) // prettier-ignore
  // People are who their headers say; tokens are real.
  const identify: typeof real.identify = (request) => (request.headers.authorization === undefined ? test : real).identify(request) // prettier-ignore
  api = await createApi({ ...recorded.shared, callers: { ...test, identify } })
  url = await api.listen('127.0.0.1', 0)
  views = new DecisionViewRunner({ views: [sharingView, stewardshipView, ...DECISION_VIEWS.filter(({ name }) => name === 'api-tokens')], log: streams, databaseUrl, onError: console.error }) // prettier-ignore
  views.start()
  const { credentials } = await recorded.evidence('credentials(first: 1) { edges { node { id } } }')
  credential = credentials.edges[0].node.id
}, 120_000)
afterAll(async () => {
  await views.stop()
  await api.close()
  await recorded.stop()
})

const person = (name: string) => `person:keycloak/tideline:${name}`
const engineer = (name: string): Headers => asCaller({ id: person(name), name, roles: ['security-engineer'], keys: [person(name) as never] }) // prettier-ignore
const [ana, chief] = [engineer('ana'), engineer('chief')]

const OUTCOME = '... on SharingDecided { id status } ... on Refused { code }'
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
const decide = async (mutation: string, who: Headers, outcome = OUTCOME): Promise<any> => {
  const { data, errors } = await post(url, { query: `mutation { it: ${mutation} { ${outcome} } }` }, who)
  return errors === undefined ? data.it : errors[0]
}
const token = async (who: Headers): Promise<Headers> => {
  const input = `{ name: "script", role: SECURITY_ENGINEER, expiresAt: "${new Date(Date.now() + 60_000).toISOString()}" }`
  const issued = await decide(`issueApiToken(input: ${input})`, who, '... on IssuedApiToken { token }')
  return { authorization: `Bearer ${issued.token}` }
}
const ask = async (who: Headers, to = ''): Promise<string> =>
  (await decide(`requestAccess(request: { credentials: ["${credential}"], reason: "billing run" ${to} })`, who)).id
const approve = (id: string, who: Headers) => decide(`approveAccess(id: "${id}")`, who)
const OWN = { code: 'OWN_REQUEST' }

describe('a token', () => {
  it('R3.1 approves nothing that who answers for it asked for, or would have; nor does a token that it issued', async () => {
    const own = await token(ana)
    const [asked, given] = [await ask(ana), await ask(chief, `to: { key: "${person('ana')}", name: "ana" }`)]
    for (const id of [asked, given])
      for (const who of [own, await token(own)]) expect(await approve(id, who)).toMatchObject(OWN)
    expect(await approve(asked, await token(chief))).toMatchObject({ status: 'granted' })
  })

  it('R3.1 that asks does not have who answers for it approve', async () => {
    const id = await ask(await token(ana))
    expect(await approve(id, ana)).toMatchObject(OWN)
    expect(await approve(id, chief)).toMatchObject({ status: 'granted' })
  })

  it('R3.7 R3.8 R3.4 is its owner also for exceptions, signing keys and emergencies', async () => {
    const [own, other] = [await token(ana), await token(chief)]
    const terms = `credentials: ["${credential}"], kind: VENDOR_PORTAL, controls: ["role-based"], reason: "old", blastRadius: "one host", until: "2100-01-01T00:00:00Z", compensations: [{ name: "watch", heartbeatHours: 1 }]` // prettier-ignore
    const exception = await decide(`requestException(exception: { ${terms} })`, ana)
    expect(await decide(`approveException(id: "${exception.id}")`, own)).toMatchObject(OWN)
    expect(await decide(`approveException(id: "${exception.id}")`, other)).toMatchObject({ status: 'approved' })
    expect(await decide(`reportCompensation(id: "${exception.id}", name: "watch")`, own)).toMatchObject(OWN)
    expect(await decide(`reportCompensation(id: "${exception.id}", name: "watch")`, other)).toMatchObject({ status: 'approved' }) // prettier-ignore
    const release = await decide(`requestSigningRelease(credentials: ["${credential}"], release: "1.2", until: "2100-01-01T00:00:00Z")`, ana) // prettier-ignore
    expect(await decide(`approveSigningRelease(id: "${release.id}")`, own)).toMatchObject(OWN)
    const glass = `credential: "${credential}", activation: "a1"`
    await decide(`activateBreakGlass(${glass}, reason: "down")`, ana)
    await decide(`closeBreakGlass(${glass})`, ana)
    const review = `reviewBreakGlass(${glass}, outcome: JUSTIFIED, words: "fine")`
    expect(await decide(review, own)).toMatchObject({ code: 'OWN_ACTIVATION' })
    expect(await decide(review, other)).toMatchObject({ id: credential })
  })

  it('R1.6 decides nothing about who its owner is', async () => {
    const pair = `{ alias: "person:okta/tideline:ana", principal: "${person('ana')}", reason: "asked them" }`
    const joined = await decide(`acceptIdentityJoin(pair: ${pair})`, await token(ana), '... on Refused { code }')
    expect(joined).toMatchObject({ code: 'OWN_IDENTITY' })
  })
})

describe('a person whom two directories know', () => {
  it('R3.1 approves nothing that they would have by the other name', async () => {
    const to = 'to: { key: "person:okta/tideline:00u-ana", name: "ana" }'
    const pair = `{ alias: "person:okta/tideline:00u-ana", principal: "${person('ana')}", reason: "asked them" }`
    await decide(`acceptIdentityJoin(pair: ${pair})`, chief, '... on IdentityDecided { alias }')
    await recorded.feedLater()
    const id = await ask(chief, to)
    expect(await approve(id, ana)).toMatchObject(OWN)
    expect(await approve(id, engineer('third'))).toMatchObject({ status: 'granted' })
  })

  it('R3.1 R3.13 has nobody approve in their place what they ask for, or would have by the other name', async () => {
    const named = (name: string) => `{ key: "${person(name)}", name: "${name}" }`
    const parts = `{ credentials: ["${credential}"], name: "billing", approver: ${named('ana')} }`
    const workflow = (await decide(`declareSharingWorkflow(parts: ${parts})`, chief)).id as string
    const span = 'from: "2020-01-01T00:00:00Z", until: "2100-01-01T00:00:00Z"'
    await decide(`delegateApproval(id: "${workflow}", to: ${named('deputy')}, ${span})`, ana)
    const under = (to = '') => `${to} workflow: "${workflow}"`
    const [own, given] = [await ask(ana, under()), await ask(chief, under('to: { key: "person:okta/tideline:00u-ana", name: "ana" }'))] // prettier-ignore
    for (const id of [own, given]) expect(await approve(id, engineer('deputy'))).toMatchObject(OWN)
    expect(await approve(await ask(chief, under(`to: ${named('third')}`)), engineer('deputy'))).toMatchObject({ status: 'granted' }) // prettier-ignore
    expect(await decide(`denyAccess(id: "${own}", reason: "no")`, engineer('deputy'))).toMatchObject({ status: 'denied' }) // prettier-ignore
  })
})
