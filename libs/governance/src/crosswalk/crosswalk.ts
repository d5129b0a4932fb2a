import type { Evaluation } from '../controls/evaluate.js'
import type { Verdict } from '../controls/control.js'

/** An entry of a framework, by the id that guidance cites and the one that its publisher uses. */
export interface FrameworkEntry {
  readonly framework: string
  readonly canonical: string
  /** Where guidance cites another id for it. */
  readonly cited?: string
  /** Ids of the controls that answer to it. */
  readonly controls: readonly string[]
}

export interface Crosswalk {
  /** Raised when an entry changes. */
  readonly version: number
  readonly entries: readonly FrameworkEntry[]
}

const OWASP = 'OWASP NHI Top 10 2025'
const CSF = 'NIST CSF 2.0'
const SP = 'NIST SP 800-53 r5'
const PCI = 'PCI DSS 4.0.1'
const ATTRIBUTION = ['identity-attribution', 'shared-identity', 'human-use-of-workload', 'borrowed-identity']

export const CROSSWALK: Crosswalk = {
  version: 2,
  entries: [
    {
      framework: OWASP,
      canonical: 'NHI1:2025',
      cited: 'NHI-01',
      controls: ['owner-accountable', 'owner-attested', 'leaver-revoked', 'job-token-revoked', 'revocation-silent'],
    },
    {
      framework: OWASP,
      canonical: 'NHI2:2025',
      cited: 'NHI-02',
      controls: ['exposure-answered', 'insecure-sharing', 'insecure-location', 'residual-copies'],
    },
    {
      framework: OWASP,
      canonical: 'NHI7:2025',
      cited: 'NHI-03',
      controls: ['rotation-age', 'long-lived-guarded', 'issuance-limited'],
    },
    { framework: OWASP, canonical: 'NHI8:2025', controls: ['environments-apart', 'torn-down-ended'] },
    {
      framework: OWASP,
      canonical: 'NHI9:2025',
      controls: ['shared-identity', 'shared-private-key', 'environments-apart'],
    },
    { framework: OWASP, canonical: 'NHI10:2025', controls: ['human-use-of-workload', 'borrowed-identity'] },
    {
      framework: 'OWASP Agentic',
      canonical: 'ASI03',
      cited: 'OWASP Agentic A1',
      controls: ['agent-identity', 'agent-boundary', 'agent-workflow-owned'],
    },
    {
      framework: CSF,
      canonical: 'PR.AA-01',
      cited: 'CSF 2.0 PR.AC-1',
      controls: ['owner-accountable', 'rotation-age', 'leaver-revoked', ...ATTRIBUTION],
    },
    {
      framework: CSF,
      canonical: 'PR.AA-05',
      cited: 'CSF 2.0 PR.AC-4',
      controls: ['access-fit', 'request-approved', 'grant-ends', 'role-based'],
    },
    {
      framework: SP,
      canonical: 'AC-2',
      controls: ['owner-accountable', 'request-approved', 'access-fit', 'still-used'],
    },
    { framework: SP, canonical: 'AC-2k', cited: 'AC-2(k)', controls: ['leaver-revoked'] },
    { framework: SP, canonical: 'AC-2(9)', controls: ['shared-account-use', 'role-based'] },
    { framework: SP, canonical: 'AC-6(7)', controls: ['long-lived-guarded', 'access-fit'] },
    { framework: SP, canonical: 'AU-12', controls: ['source-alive', 'identity-attribution'] },
    { framework: SP, canonical: 'IA-2(5)', controls: ['shared-identity', 'shared-account-use'] },
    {
      framework: SP,
      canonical: 'IA-5',
      controls: ['rotation-age', 'residual-copies', 'insecure-location', 'exposure-answered'],
    },
    { framework: PCI, canonical: '7.2.4', controls: ['access-fit', 'long-lived-guarded'] },
    { framework: PCI, canonical: '7.2.5.1', controls: ['owner-attested', 'access-fit'] },
    { framework: PCI, canonical: '8.2.2', controls: ['shared-account-use', 'shared-identity'] },
    { framework: PCI, canonical: '8.6.1', controls: ['human-use-of-workload'] },
    { framework: PCI, canonical: '8.6.2', controls: ['insecure-location'] },
    { framework: PCI, canonical: '8.6.3', controls: ['rotation-age', 'exposure-answered'] },
    { framework: PCI, canonical: '10.2', controls: ['identity-attribution', 'source-alive', 'task-context'] },
    { framework: 'SOC 2', canonical: 'CC6.1', controls: ['owner-accountable', 'governed-not-only-visible'] },
    {
      framework: 'SOC 2',
      canonical: 'CC6.2',
      controls: ['request-approved', 'requester-not-approver', 'leaver-revoked'],
    },
    { framework: 'SOC 2', canonical: 'CC6.3', controls: ['role-based', 'access-fit', 'requester-not-approver'] },
    { framework: 'ISO/IEC 27001:2022', canonical: 'A.5.17', controls: ['rotation-age', 'insecure-sharing'] },
    {
      framework: 'ISO/IEC 27001:2022',
      canonical: 'A.5.18',
      controls: ['request-approved', 'leaver-revoked', 'grant-ends'],
    },
    {
      framework: 'ISO/IEC 27001:2022',
      canonical: 'A.8.2',
      controls: ['break-glass-closed', 'release-key-rotated', 'task-context'],
    },
    { framework: 'ISO/IEC 27001:2022', canonical: 'A.8.15', controls: ['source-alive'] },
  ],
}

export interface FrameworkCoverage {
  readonly entry: FrameworkEntry
  /** Credentials by the worst verdict of the entry's controls; those that none applies to are left out. */
  readonly verdicts: Readonly<Record<Verdict, number>>
}

/** How far each entry is met over these evaluations. */
export function coverageOf(
  { entries }: Crosswalk,
  evaluations: readonly Evaluation[],
  worst: (verdicts: readonly Verdict[]) => Verdict,
): FrameworkCoverage[] {
  return entries.map((entry) => {
    const verdicts = { controlled: 0, exception: 0, uncontrolled: 0, unknown: 0 }
    for (const { results } of evaluations) {
      const own = results.filter(({ control }) => entry.controls.includes(control)).map(({ verdict }) => verdict)
      if (own.length > 0) verdicts[worst(own)] += 1
    }
    return { entry, verdicts }
  })
}

/** Entries under either id. */
export function entriesCalled({ entries }: Crosswalk, id: string): FrameworkEntry[] {
  return entries.filter(({ canonical, cited }) => canonical === id || cited === id)
}
