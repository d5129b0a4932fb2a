/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-return: off -- an answer has the shape of its query */
import { finding, findingStream, findingView, type FindingCommand } from '@catena/governance'
import { handleCommand } from '@catena/ledger'
import { DecisionViewRunner } from '@catena/projections'
import { asRole } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

const credential = 'c'.repeat(32)
let api: RecordedApi
let views: DecisionViewRunner
beforeAll(async () => {
  api = await startRecordedApi({ later: /keycloak-users/ })
  for (const [control, severity] of [
    ['grant-ends', 'medium'],
    ['break-glass-closed', 'critical'],
  ] as const) {
    const stream = findingStream(credential, control)
    const command: FindingCommand = {
      do: 'FollowVerdict', finding: stream, credential, control, verdict: 'uncontrolled', severity,
      because: 'b', reason: 'it failed', witnesses: [1, 2], position: 9, at: 1_000,
    } // prettier-ignore
    await handleCommand(api.ledger, finding, { stream, command, by: { actor: 'timer:verdicts', at: 1_000 } })
  }
  const { databaseUrl, ledger } = api.shared.instance
  views = new DecisionViewRunner({
    views: [findingView],
    log: ledger,
    databaseUrl,
    onError: (error) => {
      console.error(error)
    },
  })
  views.start()
  await views.caughtUp(await ledger.head())
  await api.feedLater()
}, 120_000)
afterAll(async () => {
  await views.stop()
  await api.stop()
})

const FIELDS = 'id control severity state reason positions assignedTo'

describe('findings over the API', () => {
  it('stand gravest first and page by page, with the records that show them', async () => {
    const page = async (after: string) =>
      (await api.evidence(`findings(first: 1 ${after}) { edges { node { ${FIELDS} } } pageInfo { endCursor } }`))
        .findings
    const first = await page('')
    expect(first.edges[0].node).toMatchObject({
      control: 'break-glass-closed',
      severity: 'CRITICAL',
      state: 'OPEN',
      positions: [1, 2],
    })
    const next = await page(`after: "${first.pageInfo.endCursor}"`)
    expect(next.edges[0].node).toMatchObject({ control: 'grant-ends' })
  })

  it('are assigned by security engineers, and change nothing by that but who works on them', async () => {
    const id = findingStream(credential, 'grant-ends')
    const assign = `mutation { it: assignFinding(id: "${id}", to: "ana") { ... on FindingChanged { id position } ... on Refused { code } } }`
    const refused = await api.ask(assign, {}, asRole('auditor'))
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect((await api.ask(assign)).data.it).toMatchObject({ id })
    const unknown = await api.ask(assign.replace('grant-ends', 'never-heard-of'))
    expect(unknown.data.it).toEqual({ code: 'NOT_OPEN' })
    const { errors } = await api.ask(assign.replace(id, 'x'))
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })
})
