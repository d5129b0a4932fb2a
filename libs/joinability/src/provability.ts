import type { Claim } from '@catena/domain'

/** How far a hop can be known at best. */
export type Provability = 'provable' | 'inferable' | 'impossible'

/** What a login leads to. */
export type JoinedTo = 'session' | 'person' | 'run attempt' | 'agent' | 'workload'

export interface Rule {
  readonly joins: JoinedTo
  /** Claims that together decide it; any one set is enough. */
  readonly provable: readonly (readonly Claim[])[]
  /** Any one of these leaves candidates in a window of time, or a name that can change hands. */
  readonly inferable: readonly Claim[]
  /** Any one of these names it by itself: the login's own record is enough, without the issuer's. */
  readonly lasting?: readonly Claim[]
}

const OF_PEOPLE: readonly Rule[] = [
  { joins: 'session', provable: [['sid']], inferable: ['sub', 'email', 'preferred_username'] },
  { joins: 'person', provable: [['sid'], ['sub']], inferable: ['email', 'preferred_username'], lasting: ['sub'] },
]

/** Entra's `sub` differs from application to application; its records name people by `oid`. */
const OF_ENTRA: readonly Rule[] = [
  { joins: 'session', provable: [['sid']], inferable: ['oid', 'upn', 'email', 'preferred_username'] },
  {
    joins: 'person',
    provable: [['sid'], ['oid']],
    inferable: ['upn', 'email', 'preferred_username'],
    lasting: ['oid'],
  },
]

/** Tokens that a runtime gives its agents. */
const OF_AGENTS: readonly Rule[] = [
  { joins: 'session', provable: [['sid']], inferable: ['sub', 'act'] },
  { joins: 'agent', provable: [['sub'], ['act']], inferable: [], lasting: ['sub', 'act'] },
]

/** Identity documents of workloads: certificates have a serial number, tokens no id that both sides log. */
const OF_WORKLOADS: readonly Rule[] = [
  { joins: 'session', provable: [['serial_number']], inferable: ['sub'] },
  { joins: 'workload', provable: [['sub'], ['serial_number']], inferable: [], lasting: ['sub'] },
]
const OF_RUNS: readonly Rule[] = [
  {
    joins: 'run attempt',
    provable: [['run_id', 'run_attempt']],
    inferable: ['run_id', 'repository_id', 'repository'],
  },
]

/** A job of GitLab is what an attempt is elsewhere: its number is of one run of it. */
const OF_JOBS: readonly Rule[] = [
  {
    joins: 'run attempt',
    provable: [['job_id']],
    inferable: ['pipeline_id', 'job_project_id', 'project_id', 'job_project_path', 'project_path'],
  },
]

/** Issuers whose tokens speak of runs, agents or workloads, or name people by claims of their own; all others speak of people. */
const ISSUERS: Readonly<Record<string, readonly Rule[]>> = {
  github: OF_RUNS,
  gitlab: OF_JOBS,
  entra: OF_ENTRA,
  cloudevents: OF_AGENTS,
  spire: OF_WORKLOADS,
}

export function rulesOf(issuer: string): readonly Rule[] {
  return ISSUERS[issuerKind(issuer)] ?? OF_PEOPLE
}

/** `github` of `github/github.com`. */
export function issuerKind(issuer: string): string {
  return issuer.slice(0, issuer.indexOf('/'))
}

export function provabilityOf(rule: Rule, claims: readonly string[]): Provability {
  if (rule.provable.some((set) => set.every((claim) => claims.includes(claim)))) return 'provable'
  return rule.inferable.some((claim) => claims.includes(claim)) ? 'inferable' : 'impossible'
}

/** What is still to be carried for a proof, by the set that needs fewest more. */
export function missingFor(rule: Rule, claims: readonly string[]): readonly Claim[] {
  const gaps = rule.provable.map((set) => set.filter((claim) => !claims.includes(claim)))
  return gaps.sort((a, b) => a.length - b.length)[0] ?? []
}
