import { FindingsResolver } from './findings/findings.resolver.js'
import { EmergenciesResolver } from './sharing/emergencies.resolver.js'
import { ExceptionsResolver } from './sharing/exceptions.resolver.js'
import { GrantsResolver } from './sharing/grants.resolver.js'
import { SharingLifecycleResolver } from './sharing/lifecycle.resolver.js'
import { SharingResolver } from './sharing/sharing.resolver.js'
import { SharingWorkflowsResolver } from './sharing/workflows.resolver.js'
import { ChainsResolver } from './chains/chains.resolver.js'
import { CredentialChainsResolver, CredentialsResolver } from './credentials/credentials.resolver.js'
import { DirectoryResolver } from './directory/directory.resolver.js'
import { ExportResolver } from './export/destinations.resolver.js'
import { EvidenceResolver } from './evidence/evidence.resolver.js'
import { IdentityObservationsResolver } from './identity/observations.js'
import { IdentityResolver } from './identity/identity.resolver.js'
import { JoinabilityListsResolver, JoinabilityResolver } from './joinability/joinability.resolver.js'
import { OwnershipResolver, StewardshipResolver } from './governance/ownership/ownership.resolver.js'
import { DeclarationsResolver } from './governance/ownership/declarations.resolver.js'
import { RulesResolver } from './governance/ownership/rules.resolver.js'
import { InventoryResolver } from './governance/inventory/inventory.resolver.js'
import { SharedUsesResolver } from './governance/uses/shared-uses.resolver.js'
import { RevocationClocksResolver } from './governance/clocks/clocks.resolver.js'
import { BacktestResolver } from './governance/backtest/backtest.resolver.js'
import { CoverageResolver } from './governance/frameworks/coverage.resolver.js'
import { LeaversResolver } from './governance/leavers/leavers.resolver.js'
import { RankingResolver } from './governance/ranking/ranking.resolver.js'
import { VerdictChangesResolver } from './governance/verdicts/verdict-changes.resolver.js'
import { VerdictsResolver } from './governance/verdicts/verdicts.resolver.js'
import { LookupChainsResolver, LookupResolver } from './lookup/lookup.resolver.js'
import { PrincipalResolver, PrincipalsResolver } from './principals/principals.resolver.js'
import { QuarantineResolver } from './quarantine/quarantine.resolver.js'
import { CampaignsResolver } from './recertification/campaigns.resolver.js'
import { ReviewsResolver } from './recertification/reviews.resolver.js'
import { RemediationResolver } from './remediation/remediation.resolver.js'
import { EvidencedResolver, RecordsResolver } from './records/records.resolver.js'
import { ReadsResolver } from './reads/reads.resolver.js'
import { CallerResolver } from './caller/caller.resolver.js'
import { LaneLagResolver, SourcesResolver } from './sources/sources.resolver.js'
import { TokensResolver } from './tokens/tokens.resolver.js'

export const RESOLVERS = [
  FindingsResolver,
  CampaignsResolver,
  EmergenciesResolver,
  ExceptionsResolver,
  GrantsResolver,
  SharingLifecycleResolver,
  SharingResolver,
  SharingWorkflowsResolver,
  ChainsResolver,
  CredentialChainsResolver,
  CredentialsResolver,
  DirectoryResolver,
  EvidenceResolver,
  EvidencedResolver,
  IdentityObservationsResolver,
  IdentityResolver,
  JoinabilityListsResolver,
  JoinabilityResolver,
  LaneLagResolver,
  LookupChainsResolver,
  LookupResolver,
  PrincipalResolver,
  PrincipalsResolver,
  QuarantineResolver,
  RecordsResolver,
  RemediationResolver,
  ReviewsResolver,
  SourcesResolver,
  TokensResolver,
  CallerResolver,
  ReadsResolver,
  OwnershipResolver,
  StewardshipResolver,
  DeclarationsResolver,
  RulesResolver,
  InventoryResolver,
  SharedUsesResolver,
  RevocationClocksResolver,
  VerdictsResolver,
  VerdictChangesResolver,
  BacktestResolver,
  CoverageResolver,
  LeaversResolver,
  RankingResolver,
  ExportResolver,
]
