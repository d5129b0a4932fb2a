import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MemoryFacts } from '@catena/access-chain'
import { FactDirectory } from '@catena/directory'
import { merge, valueOf, type Activity, type JsonObject, type SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw, mask, store } from '../fixture-cases.js'
import { gitlab } from './index.js'
import { instantOf } from './time.js'

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures')
const read = (file: string): JsonObject => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as JsonObject
const SOURCE = read('source.json') as unknown as SourceInstance
const raw = (name: string): JsonObject => read(`${name}.raw.json`)

function activity(name: string, changes: JsonObject = {}): Activity {
  return interpretRaw(gitlab, SOURCE, JSON.stringify({ ...raw(name), ...changes }))
}

const stored = (name: string): string => JSON.stringify(store(gitlab, SOURCE, raw(name)).payload)
const rolesOf = ({ groups }: Activity, verb: string): string[] =>
  groups.filter((group) => group.verb === verb && group.sideways !== true).map(({ role }) => role)

describe('a job', () => {
  it('R1.4 exists for the walk from its start, and ends when it is finished', () => {
    expect(rolesOf(activity('job-created'), 'establishes')).toEqual([])
    expect(rolesOf(activity('job-running'), 'establishes')).toEqual(['attempt', 'run'])
    expect(rolesOf(activity('job-running'), 'ends')).toEqual([])
    expect(rolesOf(activity('job-succeeded'), 'ends')).toEqual(['attempt-end'])
  })

  it('R1.9 of two hooks is one fact; played by another it is another', () => {
    const again = activity('job-running', { build_queued_duration: 9 })
    expect(merge(activity('job-running'), again).conflicts).toEqual([])
    const other = activity('job-running', { user: { id: 77, username: 'other' } })
    expect(other.factId).not.toBe(again.factId)
  })

  it('is dated the same by the stamps of older versions, to the second', () => {
    expect(activity('job-of-older-gitlab').occurredAt).toBe(
      Math.floor(activity('job-running').occurredAt / 1000) * 1000,
    )
  })
})

describe('a group', () => {
  const added = activity('member-added')
  const [group] = added.groups.filter(({ role }) => role === 'group').flatMap(({ forms }) => forms.map(({ key }) => key))
  const hook = (event_name: string): Activity =>
    interpretRaw(gitlab, SOURCE, JSON.stringify({ event_name, created_at: '2026-11-29T10:00:00Z', group_id: Number(valueOf(group!)), name: 'pay', path: 'pay' }), { recordId: event_name })
  const members = async (...activities: readonly Activity[]): Promise<number> => {
    const facts = new MemoryFacts()
    for (const one of activities) facts.add(one)
    const directory = new FactDirectory(facts.at({ position: 9 }), ['gitlab/gitlab.tideline.example'])
    return (await directory.membersOf(group!, Date.parse('2026-11-30T00:00:00Z'))).length
  }

  it('R3.3 has nobody in it who asked to be', async () => {
    const asked = activity('member-added', { event_name: 'user_access_request_to_group' })
    expect([asked.kind, await members(asked)]).toEqual(['operation', 0])
  })

  it('R3.3 has nobody in it once it was destroyed', async () => {
    expect(await members(added)).toBe(1)
    expect(await members(added, hook('group_rename'))).toBe(1)
    expect(await members(added, hook('group_destroy'))).toBe(0)
  })
}) // prettier-ignore

describe('an audit event', () => {
  it('R1.9 is one fact, pulled with a number or streamed with a text for its id', () => {
    const [streamed, pulled] = [activity('user-blocked'), activity('user-blocked', { id: 7010 })]
    expect(pulled.factId).toBe(streamed.factId)
    expect(merge(streamed, pulled).conflicts).toEqual([])
  })

  it('R1.4 approves the deployment whose id it tells, not the one that its number in the project resembles', () => {
    const keys = activity('deployment-approved').groups.flatMap(({ forms }) => forms.map(({ key }) => key))
    expect(keys).toContain('deployment:gitlab/gitlab.tideline.example:5501')
    expect(activity('deployment-rejected').outcome).toBe('denied')
  })

  it('R1.6 is no act of the user whom an administrator impersonated, and no approval of theirs', () => {
    const entry = (name: string): Activity => {
      const details = raw(name)['details'] as JsonObject
      const impersonated = { author_class: 'Gitlab::Audit::ImpersonatedAuthor', impersonated_by: 'Root Admin' }
      return activity(name, { details: { ...details, ...impersonated } })
    }
    const [seen, approved] = [entry('variable-viewed'), entry('deployment-approved')]
    expect(rolesOf(seen, 'presents')).toEqual([])
    expect(seen.attributes).toMatchObject({ callerName: 'Root Admin', impersonatedUser: 'Ines Faro' })
    expect(approved.groups.map(({ role }) => role)).not.toContain('approver')
    expect(approved.attributes).toMatchObject({ decision: 'approved by impersonation', approver: 'Root Admin' })
  })

  it('R1.4 names no person where nobody is its author', () => {
    for (const author of [-1, -2, 0]) expect(rolesOf(activity('variable-updated', { author_id: author }), 'presents')).toEqual([])
  }) // prettier-ignore
})

describe('what is stored', () => {
  it('R2.6 holds no variable, message, comment or commit', () => {
    for (const name of ['pipeline-running', 'push', 'comment', 'variable-updated', 'variable-viewed', 'job-running'])
      expect(stored(name)).not.toMatch(/MUSTNOTBEKEPT|do not log/)
  })

  it('R2.6 masks the name of a sign-in that failed, wherever the record repeats it', () => {
    expect(stored('login-failed')).toContain(mask('typed-something-else'))
    expect(stored('login-failed')).not.toContain('"typed-something-else"')
  })
})

describe('stamps', () => {
  it.each([
    ['2026-11-23T04:59:02.481Z', '2026-11-23T04:59:02.481Z'],
    ['2026-11-23 04:59:02 UTC', '2026-11-23T04:59:02.000Z'],
    ['2026-11-23 06:59:02 +0200', '2026-11-23T04:59:02.000Z'],
  ])('reads %s', (written, meant) => {
    expect(instantOf(written)).toBe(Date.parse(meant))
  })
})
