import type { Chain } from '@catena/access-chain'
import type { Claim } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { chainOf, fixtureSource, recordOf, type Changes, type SourceRecord } from './fixture-chains.js'

const GITLAB = fixtureSource('gitlab')
const CLAIMS = ['job_id', 'pipeline_id', 'project_id', 'project_path', 'user_id'] as const

function vaultWith(...claims: readonly Claim[]) {
  const [, ci] = fixtureSource('vault').federations
  const federation = {
    ...ci!,
    issuer: { kind: 'gitlab' as const, scope: GITLAB.scope },
    claims: Object.fromEntries(claims.map((claim) => [claim, claim])),
  }
  return fixtureSource('vault', { federations: claims.length === 0 ? [] : [federation] })
}

const METADATA = {
  role: 'deploy',
  job_id: '90211',
  pipeline_id: '40077',
  project_id: '814',
  project_path: 'tideline/payments-api',
  user_id: '31',
}

/** A login with the token of the fixtures' job, and a read with the token that it was given. */
async function readBy(
  claims: readonly Claim[],
  jobs: readonly SourceRecord[],
  metadata: object = METADATA,
): Promise<Chain> {
  const vault = vaultWith(...claims)
  const auth: Changes = { 'auth.metadata': { ...metadata }, 'response.auth.metadata': { ...metadata } }
  const login = recordOf(vault, 'login-jwt-run', auth)
  const accessor = (login.record['auth'] as { accessor: string }).accessor
  const read = recordOf(vault, 'read-kv2', {
    time: '2026-11-23T04:59:30.000000000Z',
    'auth.accessor': accessor,
    'request.remote_address': '127.0.20.31',
  })
  return chainOf([GITLAB, vault], ...jobs, login, read)
}

const gitlab = (name: string, changes: Changes = {}): SourceRecord => recordOf(GITLAB, name, changes)
const running = gitlab('job-running')
const JOB = 'ci-job:gitlab/gitlab.tideline.example:90211'

describe('a job of GitLab that signs in to Vault with its ID token', () => {
  it('R1.1 R1.7 is proven by its number, and the one who set it off stands beside', async () => {
    const { path, actor, sideways } = await readBy(CLAIMS, [gitlab('pipeline-running'), running])
    expect([path.state, path.through]).toEqual(['proven', JOB])
    expect(actor).toMatchObject({ state: 'proven', principal: { key: JOB, kind: 'workload' } })
    expect(actor).toMatchObject({ principal: { name: 'Tideline/payments-api job 90211' } })
    expect(sideways).toMatchObject([{ role: 'initiator', state: 'proven', name: 'bruno' }])
  })

  it('R1.1 had its deployment approved', async () => {
    const { right } = await readBy(CLAIMS, [running, gitlab('deployment-running'), gitlab('deployment-approved')])
    expect(right.approvals).toMatchObject([{ decision: 'approved', state: 'proven', approver: { name: 'Ines Faro' } }])
  })

  it('R1.6 R3.1 names no approver where an administrator acted in the name of one, and permits nothing by that', async () => {
    const approved = gitlab('deployment-approved-by-impersonation')
    const { right } = await readBy(CLAIMS, [running, gitlab('deployment-running'), approved])
    const [approval, ...others] = right.approvals
    expect([approval?.permits, approval?.approver, others]).toEqual([false, undefined, []])
  })

  it('R1.4 is not approved by what approved another deployment', async () => {
    const { right } = await readBy(CLAIMS, [running, gitlab('deployment-running'), gitlab('deployment-rejected')])
    expect(right.approvals).toEqual([])
  })

  it('R1.4 is ambiguous between jobs of its pipeline that ran at the time where only the pipeline is mapped', async () => {
    const other = gitlab('job-running', { build_id: 90212, build_name: 'scan' })
    const { path } = await readBy(['pipeline_id'], [running, other])
    expect([path.state, path.candidates.length]).toEqual(['ambiguous', 2])
  })

  it('R1.4 is inferred where only one job of the project ran, and a job that had not begun is none', async () => {
    const waiting = gitlab('job-created', { build_id: 90213 })
    const { path, actor } = await readBy(['project_id'], [running, waiting])
    expect([path.state, path.through, actor.state]).toEqual(['inferred', JOB, 'inferred'])
  })

  it('R1.4 is missing where no record shows that the job ran', async () => {
    const { path } = await readBy(CLAIMS, [gitlab('job-created')])
    expect([path.state, path.reason]).toEqual(['missing', 'gap in the source'])
  })

  it('R1.5 is missing where nobody declared the federation', async () => {
    const { path } = await readBy([], [running])
    expect([path.state, path.reason]).toEqual(['missing', 'federation not declared'])
  })

  it('R1.4 of a fork belongs to the project in which it ran', async () => {
    const metadata = { ...METADATA, project_id: '999', job_project_id: '814' }
    const { path, findings } = await readBy(['job_id', 'project_id', 'job_project_id'], [running], metadata)
    expect([path.state, findings]).toEqual(['proven', []])
  })

  it('R1.4 contradicts its number by another project, which is a finding', async () => {
    const { findings } = await readBy(['job_id', 'project_id'], [running], { ...METADATA, project_id: '999' })
    expect(findings.map(({ kind }) => kind)).toContain('minted and standing keys contradict')
  })

  it('R1.4 is no more than inferred as the holder once it was over', async () => {
    const over = gitlab('job-succeeded', { build_finished_at: '2026-11-23T04:59:11.500Z' })
    const { path, actor } = await readBy(CLAIMS, [running, over])
    expect([path.state, actor]).toMatchObject(['proven', { state: 'inferred', caveats: ['custody: attempt ended'] }])
  })
})

describe('a job of GitLab that signs in to AWS', () => {
  it('R1.4 is no more than inferred: a subject of GitLab names the project and no job', async () => {
    const aws = fixtureSource('aws-cloudtrail', {
      federations: [
        {
          mount: 'oidc-provider/token.actions.githubusercontent.com/',
          issuer: { kind: 'gitlab', scope: GITLAB.scope },
          claims: { project_path: 'subject.project_path' },
        },
      ],
    })
    const login = recordOf(aws, 'web-identity-run', {
      'responseElements.subjectFromWebIdentityToken': 'project_path:tideline/payments-api:ref_type:branch:ref:main',
    })
    const chain = await chainOf([GITLAB, aws], running, login, recordOf(aws, 'get-secret-value'))
    expect([chain.path.state, chain.path.through]).toEqual(['inferred', JOB])
  })
})
