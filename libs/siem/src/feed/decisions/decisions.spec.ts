import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { SHARING } from '@catena/governance'
import { FORMATS } from '../../formats/index.js'
import { toEcs } from '../../formats/ecs/to-ecs.js'
import { toOcsf } from '../../formats/ocsf/to-ocsf.js'
import { ecsValidator, ocsfValidator } from '../../testing/schemas.js'
import type { FeedContent, FeedDraft } from '../event.js'
import { feedId } from '../feed-id.js'
import { draftsOfDecision } from './content-of-decision.js'
import { DECISION_READINGS } from './readings.js'

const drafts = (type: string, data: object, { actor = 'person:a', at = 5 } = {}): readonly FeedDraft[] =>
  draftsOfDecision({ event: { type, data: data as never }, by: { actor, at }, stream: 's:1', version: 2, position: 9, causation: undefined }) // prettier-ignore
const told = (type: string, data: object, actor?: string): FeedContent => {
  const [only, ...others] = drafts(type, data, actor === undefined ? {} : { actor })
  if (only === undefined || others.length > 0) throw new Error('not told once')
  return only.content
}
const eventOf = (content: FeedContent) => ({ sequence: 1, id: 'a', revision: 1, hash: 'b', recordedAt: 6, content })

/** What an event of any type could hold: every name that a reading looks at, with hostile text. */
const RICH = {
  credentials: ['credential:a', 'credential:b'], credential: 'credential:a', to: 'person:b', toName: 'b|=\n', byName: 'c', by: 'person:c', reason: 'r"]', why: 'w',
  words: 'x', name: 'n', until: 7, decision: { kind: 'certify' }, outcome: { kind: 'exception' }, controls: ['k'], control: 'k', pairs: [['request', 'approve']],
  responders: [{ name: 'd' }], changes: ['e'], caveats: ['f'], fields: ['Query.a'], shown: ['A:1'], destination: 'soc', roles: ['export'], key: 'person:k', alias: 'person:x', principal: 'person:y',
} // prettier-ignore

describe('what was decided', () => {
  it('R8.1 has a reading for the events of every decider there is', () => {
    const registered = Object.keys(SHARING).length
    const { sharing, others } = decidersIn(fileURLToPath(new URL('../../../../', import.meta.url)))
    expect(sharing.length).toBe(registered + 1) // and the exclusive duties
    const union = readFileSync(new URL('./domain-event.ts', import.meta.url), 'utf8')
    expect(others.filter((name) => !new RegExp(`\\b${name}\\b`).test(union))).toEqual([])
    expect(others.length).toBeGreaterThan(8)
  })

  it.each(Object.keys(DECISION_READINGS))('R8.1 %s is valid in every format, bare and with hostile text', (type) => {
    const [ocsf, ecs] = [ocsfErrors, ecsErrors]
    for (const data of [{}, RICH]) {
      const event = eventOf(told(type, data))
      expect([ocsf(toOcsf(event, 7)), ecs(toEcs(event, 7))]).toEqual([[], []])
      for (const format of Object.values(FORMATS)) expect(format.render(event, 7)).not.toMatch(/[\r\n]/)
    }
  })

  it('R8.1 has another id than what stood at its version before an older copy was restored, and the same however often it is told', () => {
    const idAt = (at: number) => drafts('AccessDenied', {}, { at })[0]?.id
    expect([idAt(5) === idAt(6), idAt(5) === idAt(5)]).toEqual([false, true])
  })

  it('R8.1 is as grave as it is', () => {
    const severity = (type: string, data: object = {}) => told(type, data).severity
    expect(told('BreakGlassActivated', { credentials: ['credential:a'], reason: 'outage' })).toMatchObject({ kind: 'break-glass-opened', severity: 4, entity: { id: 'credential:a' } }) // prettier-ignore
    expect(severity('BreakGlassActivated', { outsidePlan: true })).toBe(5)
    expect(severity('BreakGlassReviewed', { outcome: 'misuse' })).toBe(5)
    expect(told('ExposureReported', { how: 'leak' })).toMatchObject({ kind: 'exposure-reported', severity: 4 })
    expect(severity('VerdictChanged', { to: 'uncontrolled' })).toBe(3)
    expect(severity('FindingOpened', { severity: 'critical' })).toBe(5)
    expect(severity('AuthorizationDenied')).toBe(3)
    expect(severity('DestinationDisabled')).toBe(4)
    expect(severity('ReviewItemExpired')).toBe(3)
  })

  it('R8.1 tells how it went, and never a refusal or a failure as a success', () => {
    const outcome = (type: string, data: object = {}) => told(type, data).outcome
    expect([outcome('AccessApproved'), outcome('AccessDenied')]).toEqual(['succeeded', 'denied'])
    expect([outcome('ExceptionRejected'), outcome('DecisionCameTooLate'), outcome('ReviewDecisionRefused'), outcome('AuthorizationDenied')]).toEqual(Array(4).fill('denied')) // prettier-ignore
    expect([outcome('RemediationFailed'), outcome('CampaignBlocked'), outcome('AccessRegressed')]).toEqual(Array(3).fill('failed')) // prettier-ignore
    expect(['controlled', 'uncontrolled', 'exception', 'unknown', undefined].map((to) => outcome('VerdictChanged', { to }))).toEqual(['succeeded', 'failed', 'unknown', 'unknown', 'unknown']) // prettier-ignore
    expect([outcome('FindingClosed', { verdict: 'controlled' }), outcome('FindingClosed')]).toEqual([
      'succeeded',
      'unknown',
    ])
    expect(outcome('ReviewItemExpired')).toBe('unknown')
  })

  it('R8.1 R5.2 is told of each control whose verdict a judgement changed, each by an id of its own', () => {
    const changes = [{ control: 'a', to: 'controlled' }, { control: 'b', from: 'controlled', to: 'uncontrolled', reason: 'r' }]
    const both = drafts('VerdictChanged', { credential: 'credential:a', changes })
    expect(both.map(({ content }) => content)).toMatchObject([
      { kind: 'verdict-changed', outcome: 'succeeded', entity: { id: 'credential:a' }, details: { control: 'a', verdict: 'controlled' } },
      { kind: 'verdict-changed', outcome: 'failed', severity: 3, reference: 's:1/2', details: { control: 'b', before: 'controlled', reason: 'r' } },
    ])
    expect(new Set(both.map(({ id }) => id)).size).toBe(2)
    expect(drafts('VerdictChanged', { credential: 'credential:a', changes })).toEqual(both)
  }) // prettier-ignore

  it('R8.1 R5.2 is told as before of a verdict that an older version of Catena wrote', () => {
    const [only, ...others] = drafts('VerdictChanged', { credential: 'credential:a', control: 'a', to: 'controlled' })
    expect([only?.id, others]).toEqual([feedId('decision:s:1/2 5'), []])
    expect(only?.content).toMatchObject({ entity: { id: 'credential:a' }, details: { control: 'a' } })
  })

  it('R8.1 is never left out where its type is not known, and then nothing of its data is told', () => {
    const content = told('SomethingNew', { words: 'hunter2' })
    expect(content).toMatchObject({ kind: 'outcome-recorded', type: 'SomethingNew', reference: 's:1/2' })
    expect(JSON.stringify(content)).not.toContain('hunter2')
    expect(told('toString', {}).kind).toBe('outcome-recorded')
  })

  it('R8.1 calls an exception no certification, and a control that applies no more no pass', () => {
    expect(told('ReviewOutcomeSet', { outcome: { kind: 'certify' } }).kind).toBe('decision-certified')
    expect(told('ReviewOutcomeSet', { outcome: { kind: 'revoke' } }).kind).toBe('decision-revoked')
    expect(toOcsf(eventOf(told('ReviewOutcomeSet', { outcome: { kind: 'exception' } })), 7)).toMatchObject({ compliance: { status: 'Warning' } }) // prettier-ignore
    const content = told('VerdictChanged', { credential: 'c', control: 'x', from: 'uncontrolled' })
    expect(toOcsf(eventOf(content), 7)).toMatchObject({ compliance: { status_id: 0, status: 'Unknown' } })
  })

  it('names a program as one, and a person as the account with Catena that it is', () => {
    expect(told('CampaignSealed', {}, 'timer:campaigns').actor).toMatchObject({ kind: 'workload' })
    expect(told('CampaignSealed', {}).actor).toMatchObject({ kind: 'account', state: 'proven' })
  })
})

const [ocsfErrors, ecsErrors] = [ocsfValidator(), ecsValidator()]

/** Names of the types of events of all deciders in the sources; those of sharing join by their registry. */
function decidersIn(libs: string): { sharing: string[]; others: string[] } {
  const files = readdirSync(libs, { recursive: true, encoding: 'utf8' }).filter((file) => /^[^/]+\/src\/.*(?<!\.spec)\.ts$/.test(file) && !/testing\//.test(file)) // prettier-ignore
  const found = files.flatMap((file) => {
    const text = readFileSync(`${libs}/${file}`, 'utf8')
    const events = [...text.matchAll(/^(?:export )?const \w+: (?:Decider|Rules)<\s*([^=]*?)>\s*=/gms)].map(([, args = '']) => eventIn(args)) // prettier-ignore
    return events.map((event) => ({ file, event }))
  })
  const isSharing = ({ file }: { file: string }): boolean => file.startsWith('governance/src/sharing/')
  return { sharing: found.filter(isSharing).map(({ event }) => event), others: found.filter((one) => !isSharing(one)).map(({ event }) => event) } // prettier-ignore
}

/** The third argument of `Decider<State, Command, Event, Code>`. */
function eventIn(args: string): string {
  return args.split(',').map((part) => part.trim())[2] ?? ''
}
