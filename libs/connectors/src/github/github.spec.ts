import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { MemoryFacts, walk, WALK_DEFAULTS } from '@catena/access-chain'
import { FactDirectory } from '@catena/directory'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { mergeAll, type Activity, type Json, type JsonObject, type SourceInstance } from '@catena/domain'
import { bareSource, interpretRaw, mask, store } from '../fixture-cases.js'
import { github } from './index.js'
import { WEBHOOKS } from './webhooks/events.js'

const SOURCE: SourceInstance = {
  id: 'github',
  kind: 'github',
  scope: 'github.com',
  federations: [],
  sharedIdentities: [],
  gaps: [],
}

function fixture(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.raw.json`, import.meta.url), 'utf8')) as JsonObject
}

function interpret(record: JsonObject, position = 1, recordId = 'feed'): Activity {
  return interpretRaw(github, SOURCE, JSON.stringify(record), { position, recordId })
}

/** A copy of a fixture with the member at the path replaced. */
function changed(name: string, path: readonly string[], value: Json): JsonObject {
  const record = fixture(name)
  const last = path.at(-1)!
  const parent = path.slice(0, -1).reduce((object, step) => object[step] as JsonObject, record)
  parent[last] = value
  return record
}

function keysOf(activity: Activity, verb: string): string[] {
  return activity.groups.filter((group) => group.verb === verb).flatMap((group) => group.forms.map(({ key }) => key))
}

function shuffled<T>(values: readonly T[], seed: number): T[] {
  let state = seed
  const next = (): number => (state = (state * 48271) % 2147483647)
  return values
    .map((value) => ({ value, order: next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value)
}

describe('a team', () => {
  const added = fixture('team-membership-added')
  const at = (position: number, action: string, event = 'membership'): Activity => {
    const { headers, payload, ...more } = added as { headers: JsonObject; payload: JsonObject }
    const named = { ...headers, 'X-GitHub-Event': event, 'X-GitHub-Delivery': `d-${position}` }
    const { member, ...rest } = payload
    const body = { ...rest, ...(event === 'team' ? {} : { member: member ?? null }), action }
    return interpret({ ...more, headers: named, payload: body, delivered_at: `2026-11-23T1${position}:00:00Z` }, position, `r${position}`)
  }
  const members = async (activities: readonly Activity[]): Promise<number> => {
    const facts = new MemoryFacts()
    for (const activity of activities) facts.add(activity)
    const directory = new FactDirectory(facts.at({ position: 9 }), ['github/github.com'])
    return (await directory.membersOf('group:github/github.com:3301', Date.parse('2026-11-30T00:00:00Z'))).length
  }

  it('R3.3 has nobody in it who was taken out, and nobody once it was deleted', async () => {
    expect(await members([at(1, 'added')])).toBe(1)
    expect(await members([at(1, 'added'), at(2, 'removed')])).toBe(0)
    expect(await members([at(1, 'removed')])).toBe(0)
    expect(await members([at(1, 'added'), at(2, 'edited', 'team')])).toBe(1)
    expect(await members([at(1, 'added'), at(2, 'deleted', 'team')])).toBe(0)
  })
}) // prettier-ignore

describe('a webhook delivered more than once', () => {
  const again = changed('workflow-run-requested', ['headers', 'X-GitHub-Delivery'], 'another-hook')

  it('R1.9 is one fact, whatever the id of the delivery', () => {
    const facts = [interpret(fixture('workflow-run-requested'), 4, 'aa'), interpret(again, 9, 'bb')]
    const merged = mergeAll(facts)
    expect(facts[0]!.factId).toBe(facts[1]!.factId)
    expect(merged.conflicts).toEqual([])
    expect(merged.positions).toEqual([4, 9])
    expect(mergeAll([...facts].reverse())).toEqual(merged)
  })

  it('R1.9 is one fact with and without its headers', () => {
    const bare = fixture('workflow-run-requested').payload as JsonObject
    expect(interpret(bare).factId).toBe(interpret(fixture('workflow-run-requested')).factId)
  })

  it('shows where two deliveries of one transition disagree', () => {
    const other = changed('workflow-run-requested', ['payload', 'workflow_run', 'head_sha'], 'f00d')
    expect(mergeAll([interpret(fixture('workflow-run-requested')), interpret(other)]).conflicts).toEqual(['headSha'])
  })

  it('keeps apart the attempts of one run and the actions of one attempt', () => {
    const names = ['workflow-run-requested', 'workflow-run-completed', 'workflow-run-rerun-by-another']
    expect(new Set(names.map((name) => interpret(fixture(name)).factId)).size).toBe(3)
  })
})

describe('a run', () => {
  it('R1.7 is a workload: its initiator stands beside it and is no link', () => {
    const activity = interpret(fixture('workflow-run-rerun-by-another'))
    expect(keysOf(activity, 'establishes')).toEqual([
      'ci-attempt:github/github.com:12100450001/2',
      'ci-run:github/github.com:12100450001',
    ])
    expect(activity.groups.filter((group) => group.verb === 'presents').every((group) => group.sideways)).toBe(true)
    expect(activity.attributes).toMatchObject({ initiator: 'bruno-tl', initiatorType: 'User' })
  })

  it('names who triggered this attempt, never who triggered the first', () => {
    const activity = interpret(fixture('workflow-run-without-initiator'))
    expect(activity.attributes.initiator).toBeUndefined()
    expect(keysOf(activity, 'presents')).toEqual([])
  })

  it('ends its attempt when it completes, and only then; a later attempt can follow, so the run goes on', () => {
    expect(keysOf(interpret(fixture('workflow-run-requested')), 'ends')).toEqual([])
    expect(keysOf(interpret(fixture('workflow-run-completed')), 'ends')).toEqual([
      'ci-attempt:github/github.com:12100450001/1',
    ])
  })

  it('that failed has happened all the same', () => {
    const failed = changed('workflow-run-completed', ['payload', 'workflow_run', 'conclusion'], 'failure')
    expect(interpret(failed)).toMatchObject({ outcome: 'succeeded', attributes: { conclusion: 'failure' } })
  })

  it('of unknown attempt is no fact that another delivery could join by its run alone', () => {
    const record = changed('workflow-run-requested', ['payload', 'workflow_run', 'run_attempt'], null)
    const activity = interpret(record)
    expect(activity.factId).toBe('github:github.com:webhook:delivery:6c1f0a10-0001-4d7c-9a00-000000000001')
    expect(keysOf(activity, 'establishes')).toEqual(['ci-run:github/github.com:12100450001'])
  })
})

describe('a job', () => {
  it('ends itself and not its attempt', () => {
    expect(keysOf(interpret(fixture('workflow-job-completed')), 'ends')).toEqual([
      'ci-job:github/github.com:35900100011',
    ])
  })

  it('R1.9 carried over into a re-run does not make the attempt older than the job record of that attempt', () => {
    const record = changed('workflow-job-completed', ['payload', 'workflow_job', 'started_at'], '2026-11-20T08:00:00Z')
    expect(interpret(record).attributes.startsAt).toBe(Date.parse('2026-11-23T08:00:02Z'))
  })
})

describe('an approval', () => {
  it('R1.8 is joined to run, attempt and environment beside the path', () => {
    const activity = interpret(fixture('deployment-review-approved'))
    expect(activity.groups.every((group) => group.verb === 'presents' && group.sideways === true)).toBe(true)
    expect(keysOf(activity, 'presents')).toContain('environment:github/github.com:tideline/payments-api/production')
    expect(activity.attributes).toMatchObject({ decision: 'approved', approver: 'esra-tl', approverType: 'User' })
  })

  it('R3.1 by a bot is marked as such, and a rejection is a denial', () => {
    const activity = interpret(fixture('deployment-review-rejected'))
    expect(activity).toMatchObject({ outcome: 'denied', attributes: { approverType: 'Bot', decision: 'rejected' } })
  })
})

describe('the audit log', () => {
  it('R2.5 tells which secrets a job was handed, by run and without an actor', () => {
    const { kind, attributes, groups } = interpret(fixture('audit-secrets-passed'))
    expect(kind).toBe('secrets-passed')
    expect(attributes.secretsPassed).toEqual(['COSIGN_KEY', 'NPM_TOKEN', 'github_token'])
    expect(groups.map(({ role }) => role)).toEqual(['environment', 'repository', 'repository-name', 'run'])
  })

  it('R1.4 is not read as if nobody had authenticated where it does not say who was handed secrets', async () => {
    const passed = interpret(fixture('audit-secrets-passed'))
    const facts = new MemoryFacts()
    facts.add(passed)
    const [chain] = await walk(facts.at({ position: 1 }), [passed], { ...WALK_DEFAULTS, sources: [SOURCE] })
    expect(chain?.path).toMatchObject({ state: 'missing', reason: 'not recorded by that source' })
  })

  it('reads the secrets of exports that flatten the list', () => {
    const record = { ...fixture('audit-secrets-passed'), secrets_passed: '["NPM_TOKEN", "COSIGN_KEY"]' }
    expect(interpret(record).attributes.secretsPassed).toEqual(['COSIGN_KEY', 'NPM_TOKEN'])
  })

  it('R1.9 takes an id for the same as number and as text', () => {
    const asText = interpret(fixture('audit-member-removed'))
    const asNumber = interpret({ ...fixture('audit-member-removed'), user_id: '7102' })
    expect(asNumber).toEqual(asText)
  })

  it('falls back to the record where an export has no document id', () => {
    expect(interpret(fixture('audit-without-document-id'), 1, 'c0ffee').factId).toBe('github:github.com:record:c0ffee')
  })

  it('does not let an attempt begin with the record of its end', () => {
    const activity = interpret({ ...fixture('audit-run-completed'), started_at: null })
    expect(keysOf(activity, 'establishes')).toEqual(['ci-run:github/github.com:12100450001'])
    expect(keysOf(activity, 'ends')).toEqual(['ci-attempt:github/github.com:12100450001/2'])
  })

  it('R9.1 tells an agent from a person', () => {
    expect(interpret(fixture('audit-clone-by-agent')).attributes.callerType).toBe('Agent')
  })
})

describe('what is stored', () => {
  const stored = (name: string): string => JSON.stringify(github.redact(fixture(name), mask, bareSource('github')))

  it.each([
    ['workflow-run-requested', ['Rotate the ledger key', 'tideline.example', 'Takes the money']],
    ['workflow-job-completed', ['night shift', 'free text', 'Read the signing key']],
    ['deployment-review-approved', ['rotate it tomorrow', 'who may release']],
    ['deploy-key-created', ['ssh-ed25519', 'night batch']],
    ['secret-scanning-alert-created', ['not-a-real-value', 'none yet']],
    ['unknown-event', ['whiteboard', 'Cannot deploy']],
    ['audit-deploy-key-created', ['ssh-ed25519', 'night batch', '198.51.100.20', 'Mozilla', 'alice@tideline']],
    ['audit-unknown-action', ['free text of a publisher', '198.51.100.20', 'alice@tideline']],
  ])('R2.6 of %s holds no text of people', (name, texts) => {
    for (const text of texts) expect(stored(name)).not.toContain(text)
  })

  it('R2.3 lets the same deploy key on two repositories be recognised', () => {
    const [one, two] = [
      interpret(fixture('deploy-key-created')),
      interpret(changed('deploy-key-created', ['payload', 'repository', 'id'], 50102)),
    ]
    expect(one.attributes.keyFingerprint).toBe(two.attributes.keyFingerprint)
    expect(one.target?.container).not.toBe(two.target?.container)
  })

  it('is of the same type as what came in', () => {
    for (const name of [
      'workflow-run-without-initiator',
      'unknown-event',
      'audit-job-approved',
      'workflow-job-queued',
    ]) {
      expect(github.identify(github.redact(fixture(name), mask, bareSource('github')))).toEqual(
        github.identify(fixture(name)),
      )
    }
  })

  it('R2.6 takes a type only where it reads as one', () => {
    const record = changed('unknown-event', ['headers', 'X-GitHub-Event'], 'hunter2 is my password')
    expect(github.identify(record)).toMatchObject({ type: 'unknown.created', known: false })
  })

  it.each(['constructor', '__proto__', 'toString'])('does not take %s for an event', (event) => {
    const record = changed('unknown-event', ['headers', 'X-GitHub-Event'], event)
    expect(github.identify(record).known).toBe(false)
    expect(github.interpret(store(github, SOURCE, record), SOURCE).kind).toBe('unclassified')
  })
})

describe('a record of any shape', () => {
  const members = [
    'workflow_run',
    'workflow_job',
    'deployment',
    'alert',
    'key',
    'member',
    'team',
    'repository',
    'reviewers',
    'sender',
  ]
  const anyBody = fc.record(
    Object.fromEntries(
      [...members, 'workflow_job_runs', 'action', 'ref', 'since'].map((name) => [name, fc.jsonValue()]),
    ),
    { requiredKeys: [] },
  )

  it('R1.9 of a known event is read the same way twice and never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WEBHOOKS.keys()), anyBody, (event, payload) => {
        const record = { headers: { 'X-GitHub-Event': event }, payload } as JsonObject
        // As it may have been stored: the door refuses a header that the body contradicts.
        const activity = github.interpret(store(github, SOURCE, record), SOURCE)
        expect(mergeAll([activity, github.interpret(store(github, SOURCE, record), SOURCE)])).toEqual(activity)
      }),
    )
  })

  it('of an audit entry never throws', () => {
    const actions = [
      'workflows.completed_workflow_run',
      'workflows.prepared_workflow_job',
      'repo.create_actions_secret',
      'x.y',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...actions), fc.dictionary(fc.string(), fc.jsonValue()), (action, entry) => {
        expect(interpret({ ...(entry as JsonObject), action }).positions).toEqual([1])
      }),
    )
  })
})

const RECORDING = resolve(
  process.env.CATENA_RECORDINGS ?? '../shared/recordings',
  'vault-keycloak/ci-webhooks.simulated.jsonl',
)
const recorded = existsSync(RECORDING)
if (!recorded) console.warn(`SKIPPED: no recording at ${RECORDING} (set CATENA_RECORDINGS)`)

;(recorded ? describe : describe.skip)('a recorded course of CI runs', () => {
  const lines = recorded ? readFileSync(RECORDING, 'utf8').trim().split('\n') : []
  const activities = lines.map((line, index) =>
    interpretRaw(github, SOURCE, line, { position: index + 1, recordId: `r${index}` }),
  )

  it('is classified whole', () => {
    expect(activities.length).toBeGreaterThan(0)
    expect(new Set(activities.map(({ kind }) => kind))).toEqual(new Set(['run-observed', 'job-observed']))
  })

  it('R1.9 gives each attempt one start, end, repository and initiator, in any order', () => {
    const attempts = (order: readonly Activity[]): Record<string, unknown> => {
      const runs = mergedFacts(order).filter(({ kind }) => kind === 'run-observed')
      return Object.fromEntries(runs.map((run) => [run.factId, [run.attributes, run.groups]]))
    }
    expect(attempts(shuffled(activities, 7))).toEqual(attempts(activities))
    const ended = activities.filter((activity) => activity.groups.some(({ role }) => role === 'attempt-end'))
    expect(new Set(ended.map(({ factId }) => factId)).size).toBe(ended.length)
    for (const { attributes } of ended) {
      expect(attributes.startsAt).toBeLessThanOrEqual(attributes.endsAt as number)
      expect(attributes.initiator).toEqual(expect.any(String))
      expect(attributes.repositoryName).toEqual(expect.stringMatching(/^tideline\//))
    }
  })

  function mergedFacts(order: readonly Activity[]): Activity[] {
    const facts = new Map<string, Activity[]>()
    for (const activity of order) facts.set(activity.factId, [...(facts.get(activity.factId) ?? []), activity])
    return [...facts.values()].map(mergeAll)
  }
})
