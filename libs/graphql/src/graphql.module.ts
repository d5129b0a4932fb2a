import type { ApolloServerPlugin } from '@apollo/server'
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo'
import type { CallerKeys, IdentifyCaller } from '@catena/callers'
import type { IntakeHealth, IntakeReports, Ledger, Quarantine } from '@catena/ledger'
import { AccessReader } from '@catena/projections'
import { Module, type DynamicModule, type InjectionToken, type Provider } from '@nestjs/common'
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core'
import { CqrsModule, QueryBus } from '@nestjs/cqrs'
import { GraphQLModule, GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql'
import { AccessGuard } from './caller/access-guard.js'
import { NoteRefusedRights } from './caller/note-refused-rights.js'
import { EvidenceParts } from './caller/evidence-parts.js'
import { CALLER_KEYS } from './caller/caller-keys-token.js'
import { requestContext } from './caller/request-context.js'
import { FindChainHandler } from './chains/find-chain.js'
import { ListChainsHandler } from './chains/list-chains.js'
import { ListChainsOfCredentialsHandler } from './chains/list-chains-of-credentials.js'
import { DECISIONS, type DecisionDesk } from './commands/decision-desk.js'
import { FindCredentialHandler, ListCredentialsHandler } from './credentials/find-credentials.js'
import { ListRegisteredHandler } from './credentials/registered-credentials.js'
import { FindPeopleHandler, ListMembersHandler } from './directory/ask-directory.js'
import { ChangeDestinationHandler, ListDeadLettersHandler, ListDestinationsHandler, TestDestinationHandler } from './export/ask-export-desk.js' // prettier-ignore
import { EXPORT_DESK } from './export/export-desk-token.js'
import { formatErrors, type ReportFault } from './errors/format-error.js'
import { EstablishEvidenceHandler } from './evidence/establish-evidence.js'
import { FindReadModelHandler } from './evidence/find-read-model.js'
import { DecideIdentityHandler } from './identity/decide-identity.js'
import { ObserveIdentitiesHandler } from './identity/observations.js'
import { ListSuggestionsHandler } from './identity/list-suggestions.js'
import { CheckJoinabilityHandler } from './joinability/check-joinability.js'
import { DecideOnCredentialHandler, FindStewardshipHandler } from './governance/ownership/decide-on-credential.js'
import { AttestOwnershipHandler } from './governance/ownership/attest-ownership.js'
import { ImportOwnersHandler } from './governance/ownership/import-owners.js'
import { PublishRulesHandler } from './governance/ownership/publish-rules.js'
import { FindHistoryHandler } from './governance/history/find-history.js'
import { TryControlHandler } from './governance/backtest/try-control.js'
import { ReadCoverageHandler } from './governance/frameworks/read-coverage.js'
import { CountSeenSecretsHandler, ListSeenSecretsHandler } from './governance/leavers/list-seen-secrets.js'
import { RankCredentialsHandler } from './governance/ranking/rank-credentials.js'
import { ListVerdictChangesHandler } from './governance/verdicts/list-verdict-changes.js'
import { JudgeCredentialHandler } from './governance/verdicts/judge-credential.js'
import { LEDGER } from './ledger-token.js'
import { FindKeysHandler, FollowKeysHandler } from './lookup/follow-keys.js'
import { DescribePersonsHandler } from './principals/describe-persons.js'
import { ListPrincipalsHandler } from './principals/list-principals.js'
import { CountQuarantineHandler, ListQuarantineHandler } from './quarantine/list-quarantine.js'
import { ReleaseQuarantinedHandler, type ReleaseEntries } from './quarantine/release-quarantined.js'
import { RELEASE } from './quarantine/release-token.js'
import type { ExportDesk } from '@catena/siem'
import type { RecertificationDesk } from '@catena/recertification'
import {
  ChangeCampaignHandler,
  DefineCampaignHandler,
  ReiterateCampaignHandler,
  StartCampaignHandler,
} from './recertification/campaign.commands.js'
import { ActOnItemsHandler, DecideItemsHandler } from './recertification/item.commands.js'
import {
  CheckPopulationHandler,
  ReportCampaignHandler,
  DryRunCampaignHandler,
  FindReviewItemHandler,
  CountCampaignsHandler,
  ListCampaignsHandler,
  ListReviewItemsHandler,
} from './recertification/recertification.queries.js'
import { ListRemediationOrdersHandler, ReleaseRemediationHandler } from './remediation/remediation.handlers.js'
import { RECERTIFICATION } from './recertification/recertification-token.js'
import { ReadRecordsHandler } from './records/read-records.js'
import { hideSuggestions } from './limits/hide-suggestions.js'
import { limitQueries } from './limits/limit-queries.js'
import { onlyByPost } from './limits/only-by-post.js'
import { refuseUnstorable } from './limits/refuse-unstorable.js'
import { observeRequests, type ObserveRequest } from './observe-requests.js'
import { RESOLVERS } from './resolvers.js'
import { recordDenials, type RecordDenial } from './caller/record-denials.js'
import { recordReads, type RecordRead } from './reads/record-reads.js'
import { ListReadsHandler } from './reads/reads.resolver.js'
import { servedSchema } from './served-schema.js'
import { ActivateBreakGlassHandler } from './sharing/activate-break-glass.js'
import { AnswerAccessRequestHandler } from './sharing/approve-access.js'
import { DecideSharingHandler } from './sharing/decide-sharing.js'
import { RequestAccessHandler } from './sharing/request-access.js'
import { ListSharingHandler, SharingOfCredentialHandler } from './sharing/list-sharing.js'
import { DecideFindingHandler } from './findings/decide-finding.js'
import { ListFindingsHandler } from './findings/list-findings.js'
import { KAFKA_LAG, type ReadKafkaLag } from './sources/kafka-lag.js'
import { ListSourcesHandler } from './sources/list-sources.js'
import { IssueApiTokenHandler, RevokeApiTokenHandler } from './tokens/change-tokens.js'
import { ListApiTokensHandler } from './tokens/list-api-tokens.js'

/** Longest query text; GraphiQL's introspection has about 300 tokens. */
const QUERY_TOKENS_MAX = 4_000

export type LedgerReports = Pick<Ledger, 'head' | 'intake'> &
  Pick<IntakeReports, 'lanes'> &
  IntakeHealth &
  Omit<Quarantine, 'recordReleases'>

export interface EvidenceGraphOptions {
  readonly reader: AccessReader
  readonly ledger: LedgerReports
  readonly reportFault: ReportFault
  /** Told of each request that was answered. */
  readonly observeRequest?: ObserveRequest
  readonly kafkaLag?: ReadKafkaLag
  readonly releaseEntries: ReleaseEntries
  readonly decisions: DecisionDesk
  /** Where campaigns are run from. */
  readonly recertification: RecertificationDesk
  /** Where destinations of the feed are looked after. */
  readonly exportDesk: ExportDesk
  /** Who asks; whoever is nobody gets no answer. */
  readonly identify: IdentifyCaller
  readonly callerKeys: CallerKeys
  /** Makes durable who is shown what, before it is shown. */
  readonly recordRead: RecordRead
  /** Called when a question begins; what it returns, when its answer is ready. */
  readonly expectRead: () => () => void
  /** Makes durable what was refused to whom. */
  readonly recordDenial: RecordDenial
  /** May clients ask for the schema? It is public in the repository; an operator may still hide it. */
  readonly introspection: boolean
}

const HANDLERS: Provider[] = [
  ListRemediationOrdersHandler,
  ReleaseRemediationHandler,
  DecideFindingHandler,
  ListFindingsHandler,
  ActOnItemsHandler,
  ChangeCampaignHandler,
  CheckPopulationHandler,
  ReportCampaignHandler,
  DecideItemsHandler,
  DefineCampaignHandler,
  DryRunCampaignHandler,
  FindReviewItemHandler,
  CountCampaignsHandler,
  ListCampaignsHandler,
  ListReviewItemsHandler,
  ReiterateCampaignHandler,
  StartCampaignHandler,
  ActivateBreakGlassHandler,
  AnswerAccessRequestHandler,
  DecideSharingHandler,
  RequestAccessHandler,
  ListSharingHandler,
  SharingOfCredentialHandler,
  CheckJoinabilityHandler,
  CountQuarantineHandler,
  DecideIdentityHandler,
  DescribePersonsHandler,
  EstablishEvidenceHandler,
  FindChainHandler,
  FindCredentialHandler,
  ListRegisteredHandler,
  FindKeysHandler,
  FindPeopleHandler,
  FindReadModelHandler,
  FollowKeysHandler,
  ListChainsHandler,
  ListChainsOfCredentialsHandler,
  ListCredentialsHandler,
  ListMembersHandler,
  ListPrincipalsHandler,
  ListQuarantineHandler,
  ListSourcesHandler,
  ListSuggestionsHandler,
  ObserveIdentitiesHandler,
  AttestOwnershipHandler,
  ImportOwnersHandler,
  PublishRulesHandler,
  FindHistoryHandler,
  DecideOnCredentialHandler,
  FindStewardshipHandler,
  JudgeCredentialHandler,
  ListVerdictChangesHandler,
  TryControlHandler,
  ReadCoverageHandler,
  CountSeenSecretsHandler,
  ListSeenSecretsHandler,
  RankCredentialsHandler,
  ReadRecordsHandler,
  ReleaseQuarantinedHandler,
  IssueApiTokenHandler,
  ListApiTokensHandler,
  RevokeApiTokenHandler,
  ListReadsHandler,
  ChangeDestinationHandler,
  ListDeadLettersHandler,
  ListDestinationsHandler,
  TestDestinationHandler,
]

const OPTIONS = Symbol('evidence graph options')

/** What the module is made of, from whatever the process provides. */
export interface EvidenceGraphFactory {
  readonly inject: InjectionToken[]
  readonly useFactory: (...provided: never[]) => EvidenceGraphOptions
}

/** Shared by the GraphQL server, which needs its settings before any resolver exists, and the handlers. */
@Module({})
class OptionsModule {}

/** The GraphQL API at /graphql. Bodies must be parsed before it: it installs no parser. */
@Module({})
export class EvidenceGraphModule {
  static forRootAsync({ inject, useFactory }: EvidenceGraphFactory): DynamicModule {
    const options: DynamicModule = {
      module: OptionsModule,
      providers: [{ provide: OPTIONS, inject, useFactory }],
      exports: [OPTIONS],
    }
    const cqrs = CqrsModule.forRoot()
    const graph = GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [cqrs, options, GraphQLSchemaBuilderModule],
      inject: [OPTIONS, QueryBus, GraphQLSchemaFactory],
      useFactory: serverOptions,
    })
    return {
      module: EvidenceGraphModule,
      imports: [cqrs, options, graph],
      providers: [
        { provide: AccessReader, inject: [OPTIONS], useFactory: ({ reader }: EvidenceGraphOptions) => reader },
        { provide: LEDGER, inject: [OPTIONS], useFactory: ({ ledger }: EvidenceGraphOptions) => ledger },
        { provide: DECISIONS, inject: [OPTIONS], useFactory: ({ decisions }: EvidenceGraphOptions) => decisions },
        { provide: CALLER_KEYS, inject: [OPTIONS], useFactory: (options: EvidenceGraphOptions) => options.callerKeys },
        {
          provide: RECERTIFICATION,
          inject: [OPTIONS],
          useFactory: (options: EvidenceGraphOptions) => options.recertification,
        },
        { provide: EXPORT_DESK, inject: [OPTIONS], useFactory: (options: EvidenceGraphOptions) => options.exportDesk },
        { provide: RELEASE, inject: [OPTIONS], useFactory: (options: EvidenceGraphOptions) => options.releaseEntries },
        {
          provide: KAFKA_LAG,
          inject: [OPTIONS],
          useFactory: ({ kafkaLag }: EvidenceGraphOptions) => kafkaLag ?? unknownLag,
        },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: NoteRefusedRights },
        EvidenceParts,
        ...HANDLERS,
        ...RESOLVERS,
      ],
    }
  }
}

const unknownLag: ReadKafkaLag = () => Promise.resolve(undefined)

async function serverOptions(
  { introspection, reportFault, observeRequest, identify, recordRead, expectRead, recordDenial }: EvidenceGraphOptions,
  queries: QueryBus,
  schemas: GraphQLSchemaFactory,
): Promise<Omit<ApolloDriverConfig, 'driver'>> {
  return {
    path: '/graphql',
    ...(await servedSchema(schemas)),
    fieldResolverEnhancers: ['guards'],
    context: requestContext(identify, queries),
    introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxLexicalTokens: QUERY_TOKENS_MAX },
    graphiql: false,
    stopOnTerminationSignals: false,
    autoTransformHttpErrors: false,
    formatError: formatErrors(reportFault),
    plugins: [
      onlyByPost(),
      limitQueries(() => Date.now()) as ApolloServerPlugin,
      refuseUnstorable() as ApolloServerPlugin,
      hideSuggestions() as ApolloServerPlugin,
      recordReads(recordRead, expectRead, reportFault) as ApolloServerPlugin,
      recordDenials(recordDenial, reportFault) as ApolloServerPlugin,
      ...(observeRequest === undefined ? [] : [observeRequests(observeRequest)]),
    ],
  }
}
