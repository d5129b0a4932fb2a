import { encodeDecision } from '@catena/ledger'
import { DecisionViewRunner, waitForView } from '@catena/projections'
import { DECISION_VIEWS } from '@catena/runtime'
import { asCaller } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedApi, type GraphAnswer, type RecordedApi } from '../test/recorded-api.js'

let api: RecordedApi
let views: DecisionViewRunner
let credential: string
beforeAll(async () => {
  api = await startRecordedApi()
  const { databaseUrl, ledger } = api.shared.instance
  views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError: console.error })
  views.start()
  const { credentials } = (await api.evidence('credentials(first: 1) { edges { node { id } } }')) as Credentials
  credential = credentials.edges[0].node.id
}, 120_000)
afterAll(async () => {
  await views.stop()
  await api.stop()
})

interface Credentials {
  readonly credentials: { readonly edges: [{ readonly node: { readonly id: string } }] }
}

const OUTCOME = '{ __typename ... on Refused { code } }'
const ana = 'person:keycloak/tideline:ana'
const as = (role: 'reviewer' | 'security-engineer') => asCaller({ id: ana, roles: [role], keys: [ana as never] })
const problemOf = ({ errors }: GraphAnswer) => errors?.map(({ message, extensions: { code } }) => `${code}: ${message}`)
/** Whoever decides next is shown it in every list. */
const shows = async () => {
  const head = await api.ledger.head()
  return Promise.all(DECISION_VIEWS.map(({ name }) => waitForView(api.shared.reader.pool, name, head, 5_000)))
}

describe('a command', () => {
  const ask = `mutation ($why: String!, $who: String = "x") { requestAccess(request: { credentials: ["CREDENTIAL"], reason: $why, to: { key: "${ana}", name: $who } }) ${OUTCOME} }`
  const asked = (variables: object) => api.ask(ask.replace('CREDENTIAL', credential), variables, as('reviewer'))

  it.each(['a\u0000b', 'half \ud83d', '\udd11 half'])('whose words hold %j is refused, says where, and changes nothing', async (word) => {
    const head = await api.ledger.head()
    const refused = (where: string) => [`BAD_USER_INPUT: ${where} holds NUL or half of a surrogate pair, which cannot be kept: leave it out`]
    expect(problemOf(await asked({ why: word }))).toEqual(refused('$why'))
    expect(problemOf(await asked({ why: 'x', who: word }))).toEqual(refused('$who'))
    const literal = `mutation { reportExposure(exposure: { credentials: ["${credential}"], how: LEAK, words: ${JSON.stringify(word)} }) ${OUTCOME} }`
    const halves = [expect.stringMatching(/^GRAPHQL_PARSE_FAILED: .*Unicode escape/)]
    expect(problemOf(await api.ask(literal, {}, as('reviewer')))).toEqual(word.includes('\u0000') ? refused('a text of the query') : halves)
    expect(await api.ledger.head()).toBe(head)
  }) // prettier-ignore

  it('whose words hold whole characters of any kind is kept as it was said', async () => {
    const why = 'ключ 🔑 \u202e\u0007\r\n\\u0000'
    expect(await asked({ why })).toMatchObject({ data: { requestAccess: { __typename: 'SharingDecided' } } })
    const [kept] = (await api.ledger.readDecisions(0, 10_000)).filter(({ type }) => type === 'AccessRequested')
    expect(JSON.parse(kept?.payload?.toString() ?? '')).toMatchObject({ reason: why })
  })

  it('that names somebody by what no index holds is refused, and lists go on', async () => {
    const long = `person:x:${Buffer.from(Array.from({ length: 4_000 }, (_, n) => (n * 7919) % 251)).toString('base64')}`
    const assign = `mutation ($key: Key!) { assignOwner(credential: "${credential}", owner: $key, name: "x") ${OUTCOME} }`
    expect(problemOf(await api.ask(assign, { key: long }, as('security-engineer')))).toEqual([
      expect.stringMatching(/^BAD_USER_INPUT: .*write a key with at most 600 characters/),
    ])
    const declare = `mutation ($id: ID!) { declareSharingWorkflow(id: $id, parts: { credentials: ["${credential}"], name: "x" }) ${OUTCOME} }`
    for (const id of [long, ''])
      expect(problemOf(await api.ask(declare, { id }, as('security-engineer')))).toEqual([
        'BAD_USER_INPUT: give the workflow an id of 1 to 200 characters, or leave it out',
      ])
    expect(await shows()).not.toContain(false)
  })
})

describe('a ledger that an earlier version wrote such words into', () => {
  it('is listed whole, with U+FFFD for what no list can hold', async () => {
    const said = { type: 'SharingWorkflowDeclared', data: { credentials: [credential], name: 'a\u0000b\ud800', aiEnabled: false } } // prettier-ignore
    const event = encodeDecision({}, said, { actor: ana, at: Date.now() }, { subjects: [] })
    await api.ledger.appendDecisions('sharing-workflow:old', 0, [event])
    expect(await shows()).not.toContain(false)
    await api.feedLater()
    const { sharing } = (await api.evidence('sharing(kind: SHARING_WORKFLOW) { edges { node { id state } } }')) as object as { sharing: { edges: object[] } } // prettier-ignore
    expect(sharing.edges).toMatchObject([{ node: { id: 'old', state: { parts: { name: 'a\ufffdb\ufffd' } } } }])
  })
})
