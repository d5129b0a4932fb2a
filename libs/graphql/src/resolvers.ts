import { ChainsResolver } from './chains/chains.resolver.js'
import { CredentialChainsResolver, CredentialsResolver } from './credentials/credentials.resolver.js'
import { EvidenceResolver } from './evidence/evidence.resolver.js'
import { LookupChainsResolver, LookupResolver } from './lookup/lookup.resolver.js'
import { PrincipalResolver, PrincipalsResolver } from './principals/principals.resolver.js'
import { EvidencedResolver, RecordsResolver } from './records/records.resolver.js'
import { SourcesResolver } from './sources/sources.resolver.js'

export const RESOLVERS = [
  ChainsResolver,
  CredentialChainsResolver,
  CredentialsResolver,
  EvidenceResolver,
  EvidencedResolver,
  LookupChainsResolver,
  LookupResolver,
  PrincipalResolver,
  PrincipalsResolver,
  RecordsResolver,
  SourcesResolver,
]
