import { isRefusal, makeKey, type Decider, type DecisionEvent, type Key, type Refusal } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { alert } from './alert.js'
import { breakGlass, UNPLANNED_CLOSE_MS, UNPLANNED_REVIEW_MS, type BreakGlassCommand } from './break-glass.js'
import { excludedBy, exclusiveDuties, type DutyPair } from './duties.js'
import { exception, type ExceptionTerms } from './exception.js'
import { exposure, exposureClocks } from './exposure.js'
import { incident } from './incident.js'
import { jobToken } from './job-token.js'
import { migration } from './migration.js'
import type { Party } from './party.js'
import { signingRelease } from './signing-release.js'
import { authorityIn, workflow, type WorkflowParts } from './workflow.js'

const HOUR = 3_600_000
const NOW = 1000 * HOUR
const credentials = ['c'.repeat(32)]
const person = (name: string): Key => makeKey('person', 'keycloak/acme', name)
const party = (name: string): Party => ({ key: person(name), name, keys: [person(name)], isMachine: false })
const [ana, ben, chief] = [party('ana'), party('ben'), party('chief')]

/** Commands one after another; the refusal's code where the last one is refused. */
function course<S, C, E extends DecisionEvent>(decider: Decider<S, C, E>, ...steps: readonly (C | [C, number])[]) {
  let state = decider.initial
  for (const step of steps) {
    const [command, at] = Array.isArray(step) ? step : [step, NOW]
    const by = { actor: 'x', at }
    const answer: readonly E[] | Refusal = decider.decide(state, command, by)
    if (isRefusal(answer)) return { refused: answer.refused, state }
    state = answer.reduce((reached, event) => decider.evolve(reached, event, by), state)
  }
  return { state }
}

describe('break-glass', () => {
  const plan: BreakGlassCommand = {
    do: 'PlanBreakGlass',
    plan: {
      credentials, mayActivate: [{ key: ana.key, name: 'ana' }], condition: 'the site is down',
      closeWithinMs: HOUR, reviewWithinMs: 24 * HOUR, reviewer: chief.key, reviewerName: 'chief',
    },
  } // prettier-ignore
  const activate = (who: Party, groups: readonly Key[] = []): BreakGlassCommand => ({
    do: 'ActivateBreakGlass', party: who, activation: 'a1', credential: credentials[0]!, reason: 'down', groups,
  }) // prettier-ignore
  const close: BreakGlassCommand = { do: 'CloseBreakGlass', party: ana, activation: 'a1' }
  const review = (who: Party): BreakGlassCommand => ({
    do: 'ReviewBreakGlass', party: who, activation: 'a1', outcome: 'justified', words: 'fine',
  }) // prettier-ignore

  it('R3.4 takes its deadlines from the plan recorded beforehand', () => {
    const { state } = course(breakGlass, [plan, NOW - HOUR], activate(ana))
    expect(state.activations).toMatchObject([
      { outsidePlan: false, plannedAt: NOW - HOUR, closeDueAt: NOW + HOUR, reviewDueAt: NOW + 24 * HOUR },
    ])
  })
  it('R3.4 is recorded without a plan and by anybody, and said to be outside the plan', () => {
    const without = course(breakGlass, activate(ben)).state.activations
    expect(without).toMatchObject([
      { outsidePlan: true, closeDueAt: NOW + UNPLANNED_CLOSE_MS, reviewDueAt: NOW + UNPLANNED_REVIEW_MS },
    ])
    expect(course(breakGlass, plan, activate(ben)).state.activations[0]?.outsidePlan).toBe(true)
    expect(course(breakGlass, plan, activate(ben, [ana.key])).state.activations[0]?.outsidePlan).toBe(false)
  })
  it('R3.4 is reviewed after its close, by the reviewer of the plan, never by who activated it', () => {
    expect(course(breakGlass, plan, activate(ana), review(chief)).refused).toBe('NOT_CLOSED')
    expect(course(breakGlass, plan, activate(ana), close, review(ana)).refused).toBe('OWN_ACTIVATION')
    expect(course(breakGlass, plan, activate(ana), close, review(ben)).refused).toBe('NOT_THE_REVIEWER')
    expect(course(breakGlass, plan, activate(ana), close, review(chief)).state.activations).toMatchObject([
      { closedAt: NOW, reviewedAt: NOW, outcome: 'justified' },
    ])
  })
  it('activates once under one id', () => {
    expect(course(breakGlass, activate(ana), activate(ana)).state.activations).toHaveLength(1)
  })
  it('R3.4 takes no other emergency for one that has its id: nobody else’s, none for another reason, none after its close', () => {
    const flood = { ...activate(ana), reason: 'a flood' } as BreakGlassCommand
    for (const other of [[activate(ben)], [flood], [close, activate(ana)]])
      expect(course(breakGlass, activate(ana), ...other).refused).toBe('ACTIVATION_TAKEN')
  })
})

describe('an exception', () => {
  const terms: ExceptionTerms = {
    credentials, kind: 'vendor-portal', controls: ['role-based'], reason: 'no roles there', blastRadius: 'one portal',
    from: NOW, until: NOW + 24 * HOUR, compensations: [{ name: 'weekly review', heartbeatMs: HOUR }],
  } // prettier-ignore
  const request = (more: Partial<ExceptionTerms> = {}) =>
    ({ do: 'RequestException', party: ana, terms: { ...terms, ...more } }) as const

  it('R3.7 has a blast radius, an end and something that compensates', () => {
    expect(course(exception, request({ blastRadius: ' ' })).refused).toBe('NO_BLAST_RADIUS')
    expect(course(exception, request({ compensations: [] })).refused).toBe('NO_COMPENSATION')
    expect(course(exception, request({ compensations: [{ name: 'log', heartbeatMs: 0 }] })).refused).toBe(
      'NO_COMPENSATION',
    )
    expect(course(exception, request({ until: NOW })).refused).toBe('WINDOW')
    expect(course(exception, request({ controls: [] })).refused).toBe('NO_CONTROL')
  })
  it('R3.7 names controls that there are, and whoever writes one wrongly is told the nearest', () => {
    const wrong = request({ controls: ['role-based', 'owner-acountable'] })
    expect(course(exception, wrong).refused).toBe('NO_SUCH_CONTROL')
    const refused = exception.decide(exception.initial, wrong, { at: NOW } as never)
    expect(refused).toMatchObject({
      message: expect.stringMatching(
        /^no control has the id "owner-acountable": name owner-accountable, or one of \S+,/,
      ),
    })
  })
  it('R3.7 is approved by somebody else than who asked, and revoked', () => {
    expect(course(exception, request(), { do: 'ApproveException', party: ana }).refused).toBe('OWN_REQUEST')
    const approved = [request(), { do: 'ApproveException', party: chief }] as const
    expect(course(exception, ...approved).state).toMatchObject({ status: 'approved', approvedAt: NOW })
    expect(course(exception, ...approved, { do: 'RevokeException', party: chief, reason: 'x' }).state.status).toBe(
      'revoked',
    )
  })
  it('R3.7 hears of its compensating controls by name', () => {
    expect(course(exception, request(), { do: 'ReportCompensation', party: chief, name: 'other' }).refused).toBe(
      'NO_SUCH_COMPENSATION',
    )
    const heard = course(exception, request(), [
      { do: 'ReportCompensation', party: chief, name: 'weekly review' },
      NOW + 5,
    ])
    expect(heard.state.heard).toEqual({ 'weekly review': NOW + 5 })
    // By a clock that is behind.
    const report = { do: 'ReportCompensation', party: chief, name: 'weekly review' } as const
    expect(course(exception, request(), [report, NOW + 5], report).state.heard).toEqual({ 'weekly review': NOW + 5 })
  })
  it('R3.7 is not kept alive by who asked for it, by whatever key', () => {
    const report = (who: Party) => ({ do: 'ReportCompensation', party: who, name: 'weekly review' }) as const
    expect(course(exception, request(), report(ana)).refused).toBe('OWN_REQUEST')
    const second = { ...chief, keys: [...chief.keys, ana.key] }
    expect(course(exception, request(), report(second)).refused).toBe('OWN_REQUEST')
  })
})

describe('a sharing workflow', () => {
  const parts: WorkflowParts = {
    credentials, name: 'billing', owner: ana.key, approver: chief.key, approverName: 'chief', aiEnabled: false,
  } // prettier-ignore
  const declare = { do: 'DeclareWorkflow', parts } as const
  const delegate = (who: Party, to: Party) =>
    ({ do: 'DelegateApproval', party: who, to, from: NOW, until: NOW + HOUR }) as const

  it('R3.12 is one entity with its parts, declared anew as a whole', () => {
    expect(course(workflow, declare).state.parts).toMatchObject({ name: 'billing', owner: ana.key })
    expect(course(workflow, { do: 'DeclareWorkflow', parts: { ...parts, credentials: [] } }).refused).toBe(
      'NO_CREDENTIAL',
    )
    expect(course(workflow, declare, { do: 'RetireWorkflow', reason: 'done' }, declare).refused).toBe('RETIRED')
  })
  it('R3.12 may leave parts out, and gives none that says nothing', () => {
    const empty: Partial<WorkflowParts>[] = [
      { name: ' ' },
      { sharedWith: '' },
      { windowMs: -1 },
      { windowMs: 0 },
      { loggingDestination: ' ' },
      { replacementPath: '' },
      { escalation: '' },
    ]
    for (const part of empty)
      expect(course(workflow, { do: 'DeclareWorkflow', parts: { ...parts, ...part } }).refused).toBe('EMPTY_PART')
  })
  it('R3.13 lets its approver delegate in a window, and nobody hand on what was delegated', () => {
    const { state } = course(workflow, declare, delegate(chief, ben))
    expect(authorityIn(state, ben, credentials, NOW)).toEqual({
      mayApprove: true,
      onBehalfOf: chief.key,
      delegator: [chief.key],
    })
    expect(authorityIn(state, ben, credentials, NOW + HOUR)).toEqual({ mayApprove: false })
    expect(authorityIn(state, chief, credentials, NOW)).toEqual({ mayApprove: true })
    expect(authorityIn(state, ana, credentials, NOW)).toEqual({ mayApprove: false })
    expect(course(workflow, declare, delegate(chief, ben), delegate(ben, ana)).refused).toBe('NOT_THE_APPROVER')
    expect(course(workflow, declare, delegate(chief, chief)).refused).toBe('TO_ONESELF')
  })
  it('R3.12 gives its approver no right over a credential that it does not share', () => {
    const { state } = course(workflow, declare)
    const other = 'd'.repeat(32)
    expect(authorityIn(state, chief, [other], NOW)).toEqual({ mayApprove: true, outsideWorkflow: true })
    expect(authorityIn(state, chief, [...credentials, other], NOW).outsideWorkflow).toBe(true)
  })
  it('R3.13 forgets delegations when another approver is named', () => {
    const changed = { do: 'DeclareWorkflow', parts: { ...parts, approver: ana.key } } as const
    expect(course(workflow, declare, delegate(chief, ben), changed).state.delegations).toEqual([])
  })
  it('R3.12 without an approver lets nobody approve', () => {
    const nobody: WorkflowParts = { credentials, name: 'billing', aiEnabled: false }
    const { state } = course(workflow, { do: 'DeclareWorkflow', parts: nobody })
    expect(authorityIn(state, chief, credentials, NOW).mayApprove).toBe(false)
  })
})

describe('what has one course', () => {
  it('R3.5 an incident’s token has responders and ends with containment', () => {
    const token = { credentials, incident: 'INC-7', responders: [{ key: ana.key, name: 'ana' }] }
    expect(course(incident, { do: 'IssueIncidentToken', token: { ...token, responders: [] } }).refused).toBe(
      'NO_RESPONDER',
    )
    expect(course(incident, { do: 'ContainIncident', words: 'x' }).refused).toBe('NO_SUCH_INCIDENT')
    const contained = course(incident, { do: 'IssueIncidentToken', token }, [
      { do: 'ContainIncident', words: 'x' },
      NOW + 1,
    ])
    expect(contained.state).toMatchObject({ issuedAt: NOW, containedAt: NOW + 1 })
  })
  it('R3.6 a migration has an end, is extended only to later, and cut over once', () => {
    const window = { credentials, until: NOW + HOUR, replacedBy: 'OIDC per job' }
    const open = { do: 'OpenMigration', window } as const
    expect(course(migration, { do: 'OpenMigration', window: { ...window, until: NOW } }).refused).toBe('WINDOW')
    expect(course(migration, open, { do: 'ExtendMigration', until: NOW, reason: 'x' }).refused).toBe('WINDOW')
    const over = course(
      migration,
      open,
      [{ do: 'CutOver', words: 'x' }, NOW + 5],
      [{ do: 'CutOver', words: 'x' }, NOW + 9],
    )
    expect(over.state.cutoverAt).toBe(NOW + 5)
    expect(
      course(
        migration,
        open,
        { do: 'CutOver', words: 'x' },
        { do: 'ExtendMigration', until: NOW + 9 * HOUR, reason: 'x' },
      ).refused,
    ).toBe('CUT_OVER')
  })
  it('R3.8 a signing key is not approved by who asked for it', () => {
    const release = { credentials, release: '2.0', from: NOW, until: NOW + HOUR }
    const request = { do: 'RequestRelease', party: ana, release } as const
    expect(course(signingRelease, request, { do: 'ApproveRelease', party: ana }).refused).toBe('OWN_REQUEST')
    expect(course(signingRelease, request, { do: 'ApproveRelease', party: chief }).state.approvedBy).toBe(chief.key)
  })
  it('R3.9 a job’s token knows when its job was disabled', () => {
    const tie = { do: 'TieJobToken', tied: { credentials, job: 'nightly' } } as const
    expect(course(jobToken, { do: 'DisableJob', words: 'x' }).refused).toBe('NO_SUCH_JOB')
    expect(course(jobToken, tie, [{ do: 'DisableJob', words: 'x' }, NOW + 3]).state.disabledAt).toBe(NOW + 3)
  })
  it('R5.11 an alert counts from when it was heard', () => {
    const declared = { do: 'DeclareAlert', alert: { credentials, name: 'odd hours', heartbeatMs: HOUR } } as const
    expect(course(alert, declared).state.lastHeardAt).toBeUndefined()
    expect(course(alert, declared, [{ do: 'ReportAlert', test: true }, NOW + 2]).state.lastHeardAt).toBe(NOW + 2)
  })
  it('R3.10 an exposure lies in the past, and is withdrawn with a reason', () => {
    const report = { credentials, how: 'leak', exposedAt: NOW + 1, words: 'in a gist' } as const
    expect(course(exposure, { do: 'ReportExposure', report }).refused).toBe('IN_THE_FUTURE')
    const past = { do: 'ReportExposure', report: { ...report, exposedAt: NOW - 1 } } as const
    expect(course(exposure, past, { do: 'WithdrawExposure', reason: 'a test key' }).state.status).toBe('withdrawn')
  })
})

describe('the clocks of an exposure', () => {
  const uses = [
    { at: NOW - 5, system: 'vault/a' },
    { at: NOW + 60_000, system: 'vault/a' },
    { at: NOW + 70_000, system: 'aws/b' },
    { at: NOW + 3 * HOUR, system: 'aws/c' },
  ]
  it('R3.10 run to the first replacement, and count what was obtained until then, and where it was not before', () => {
    expect(exposureClocks(NOW, [{ at: NOW - 1 }, { at: NOW + 2 * HOUR }], uses, NOW + 9 * HOUR)).toEqual({
      openMs: 2 * HOUR, replacedAt: NOW + 2 * HOUR, isPastFirstAbuse: true, isPastFiveDays: false,
      usesSince: 2, newSystems: ['aws/b'],
    }) // prettier-ignore
  })
  it('R3.10 run on where nothing replaced it', () => {
    expect(exposureClocks(NOW, [], uses, NOW + 121 * HOUR)).toMatchObject({ isPastFiveDays: true, usesSince: 3 })
    expect(exposureClocks(NOW, [], [], NOW + 60_000)).toMatchObject({ isPastFirstAbuse: false, openMs: 60_000 })
  })
})

describe('duties that exclude each other', () => {
  it('R5.10 are data, either way round', () => {
    expect(excludedBy([['hold', 'approve']], new Set(['hold']), 'approve')).toBe('hold')
    expect(excludedBy([['hold', 'approve']], new Set(['approve']), 'hold')).toBe('approve')
    expect(excludedBy([['hold', 'approve']], new Set(['use']), 'approve')).toBeUndefined()
  })
  it('R5.10 are published as a whole, with a number', () => {
    const decide = (pair: DutyPair) => exclusiveDuties.decide(exclusiveDuties.initial, [pair], { actor: 'x', at: NOW })
    expect(decide(['hold', 'approve'])).toMatchObject([{ data: { pairs: [['hold', 'approve']], version: 1 } }])
    expect(decide(['hold', 'hold'])).toMatchObject({ refused: 'SAME_DUTY' })
  })
})
