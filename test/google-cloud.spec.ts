import type { Chain } from '@catena/access-chain'
import { describe, expect, it } from '@jest/globals'
import { chainOf, fixtureSource, recordOf, type Changes, type SourceRecord } from './fixture-chains.js'

const GOOGLE = fixtureSource('google-cloud')
const GITLAB = fixtureSource('gitlab')
const GITHUB = fixtureSource('github')
const SOURCES = [GOOGLE, GITLAB, GITHUB]
const ATTEMPT = 'ci-attempt:github/github.com:11900453035/1'

const google = (name: string, changes: Changes = {}): SourceRecord => recordOf(GOOGLE, name, changes)
const read = (...records: readonly SourceRecord[]): Promise<Chain> => chainOf(SOURCES, ...records)

const run = recordOf(GITHUB, 'workflow-run-requested', {
  'payload.workflow_run.id': 11900453035,
  'payload.workflow_run.run_attempt': 1,
  'payload.workflow_run.run_started_at': '2026-11-23T04:59:09Z',
  'payload.workflow_run.created_at': '2026-11-23T04:59:09Z',
  'payload.repository.full_name': 'tideline/payments-api',
})

describe('a job that reads a secret of Google Cloud as itself', () => {
  it('R1.1 R1.7 is proven by run and attempt in its subject, which every record repeats', async () => {
    const { path, actor } = await read(run, google('secret-read-by-job'))
    expect([path.state, path.through]).toEqual(['proven', ATTEMPT])
    expect(actor).toMatchObject({ state: 'proven', principal: { key: ATTEMPT, kind: 'workload' } })
  })

  it('R1.1 R1.7 of GitLab is proven by its number', async () => {
    const { path, actor } = await read(recordOf(GITLAB, 'job-running'), google('secret-read-by-gitlab-job'))
    expect([path.state, actor.state]).toEqual(['proven', 'proven'])
  })

  it('R1.4 is no more than inferred by the subject that GitHub gives by default', async () => {
    const { path } = await read(run, google('secret-read-by-job-default-subject'))
    expect([path.state, path.through]).toEqual(['inferred', ATTEMPT])
  })

  it('R1.5 is missing where nobody declared the pool, or the run is not recorded', async () => {
    const bare = { ...GOOGLE, federations: [] }
    const undeclared = await chainOf([bare, GITHUB], run, recordOf(bare, 'secret-read-by-job'))
    expect([undeclared.path.state, undeclared.actor.state]).toEqual(['missing', 'missing'])
    expect((await read(google('secret-read-by-job'))).path).toMatchObject({
      state: 'missing',
      reason: 'source not connected',
    })
  })

  it('R1.4 believes no run that part of the subject could have been chosen to show', async () => {
    const subject =
      'principal://iam.googleapis.com/projects/481516234200/locations/global/workloadIdentityPools/ci/subject/repo:a/b:run_id:11900453035:run_attempt:1:ref:run_id:1'
    const { path } = await read(run, google('secret-read-by-job', { 'protoPayload.authenticationInfo.principalSubject': subject }))
    expect(path.state).not.toBe('proven')
  }) // prettier-ignore
})

describe('a job that takes on a service account', () => {
  it('R1.4 has its authority proven; who holds the token that was made is not known', async () => {
    const { path, actor, identity } = await read(run, google('access-token-generated'), google('secret-read-on-behalf-of-job'))
    expect([path.state, path.through]).toEqual(['proven', ATTEMPT])
    expect(actor).toMatchObject({ reason: 'bearer handed over', authority: { key: ATTEMPT } })
    expect(identity).toMatchObject({ displayName: 'deploy@tideline-pay.iam.gserviceaccount.com' })
  }) // prettier-ignore
})

describe('a service account', () => {
  it('R1.4 R1.6 with a key that lasts ends the walk; who had it made stands beside', async () => {
    const { path, actor, sideways } = await read(google('account-key-created'), google('secret-read-with-key'))
    expect([path.state, path.links.map(({ by }) => by)]).toEqual(['proven', ['origin']])
    expect(actor).toMatchObject({ reason: 'identity not joined' })
    expect(sideways).toMatchObject([{ role: 'giver', name: 'nora@tideline.example' }])
  })

  it('R1.4 without a key came from where no record tells', async () => {
    const { path } = await read(google('secret-read-by-service-account'))
    expect([path.state, path.reason]).toEqual(['missing', 'not recorded by that source'])
  })
})

describe('a version that was read', () => {
  it('R1.1 ended when it was destroyed, and not when another was', async () => {
    const destroyed = await read(google('secret-version-destroyed'), google('secret-read-by-job'))
    expect(destroyed.end).toMatchObject({ state: 'proven', how: 'destroyed' })
    const other = google('secret-version-destroyed', {
      'protoPayload.resourceName': 'projects/481516234200/secrets/orders-db/versions/3',
      'protoPayload.request.name': 'projects/481516234200/secrets/orders-db/versions/3',
    })
    expect((await read(other, google('secret-read-by-job'))).end.state).toBe('missing')
  })

  it('R1.4 by the name of the newest is one of which the end is not known by number', async () => {
    const { end } = await read(google('secret-version-destroyed'), google('secret-read-newest'))
    expect(end.state).toBe('ambiguous')
  })
})
