import type { LoginOrigin, Hop, JoinabilityReport, JoinedTo, Provability } from '@catena/joinability'
import type { MissingReason } from '@catena/access-chain'
import type { Instant } from '@catena/domain'
import type { KnownAsOf } from '@catena/projections'
import { Extensions, Field, ID, Int, ObjectType } from '@nestjs/graphql'
import { connectionTypeOf } from '../paging/connection.js'
import { Evidenced } from '../records/evidenced.model.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { Count, DateTime } from '../scalars/index.js'

export const Provabilities = declareEnum<Provability>('Provability', 'How far a hop can be known at best.', {
  provable: 'Records share a value that its issuer made once, or that never changes hands.',
  inferable: 'What joins could be shared or change hands, or several may fit.',
  impossible: 'Nothing joins.',
})

const JoinedTos = declareEnum<JoinedTo>('JoinedTo', 'What a login leads to.', {
  session: "A session at the issuer: of a person, of an agent, or a workload's identity document.",
  person: 'A person.',
  'run attempt': 'An attempt of a CI run.',
  agent: 'An AI agent.',
  workload: 'A workload, by its SPIFFE id.',
})

const LoginOrigins = declareEnum<LoginOrigin>('LoginOrigin', 'On what a login rests.', {
  federated: 'A token of a declared issuer.',
  undeclared: 'A token of an issuer that nobody declared.',
  'long-lived': 'A secret that lasts: a password, a certificate.',
  shared: 'An identity that is declared as held by many.',
})

const Bases = declareEnum<'configuration' | 'records' | 'declaration'>(
  'ProvabilityBasis',
  'From what it was seen how far a hop can be known.',
  {
    configuration: 'The recorded configuration of the role.',
    records: 'The records of logins.',
    declaration: 'What catena.yaml declares.',
  },
)

export const Hops = declareEnum<Hop>('ChainHop', 'Part of a path.', {
  'request to login': 'From the request through its tokens to a login.',
  'login to session or run': 'From the login to the session or CI run that it came through.',
  'identity to person': 'From the identity that the system authenticated to whoever it was.',
})

const BrokenStates = declareEnum<'missing' | 'ambiguous'>('BrokenState', 'In which way a link is weak.', {
  missing: 'The records do not tell.',
  ambiguous: 'Several fit.',
})

export const BrokenReasons = declareEnum<MissingReason | 'several fit'>('BrokenReason', 'Why a link is weak.', {
  'nobody authenticated': 'The request came without an authenticated caller.',
  'refused: nobody was authenticated': 'The request was refused before anybody was authenticated.',
  'source not connected': 'The system that would know is not connected.',
  'before its coverage': 'It happened before the first record of the system that would know.',
  'gap in the source': 'The record is not there.',
  'federation not declared': 'Whose tokens the mount accepts is not declared.',
  'not recorded by that source': 'No such record is written, or it carries nothing to join by.',
  'bearer handed over': 'The token was made for whoever would hold it.',
  'shared identity': 'Many hold the identity.',
  'identity not joined': 'Nothing ties the account to a person.',
  'no approval recorded': 'No record of an approval.',
  'no end seen': 'No record of an end.',
  'nothing recorded at the target': 'No record at the target.',
  'several fit': 'Several sessions or attempts fit.',
})

@ObjectType({ description: 'Where people and workloads log in.' })
export class LoginPlace {
  @Field(() => ID, { description: 'The source instance that records the logins.' })
  readonly source!: string

  @Field(() => String, { description: 'Mount, or what else the source calls the way in.' })
  readonly mount!: string

  @Field(() => String, { nullable: true, description: 'Role that the login asked for.' })
  readonly role!: string | null

  @Field(() => String, { description: 'Method of authentication in the source\u2019s own word.' })
  readonly method!: string

  @Field(() => LoginOrigins, { description: 'On what these logins rest.' })
  readonly origin!: LoginOrigin

  @Field(() => String, { nullable: true, description: 'Declared issuer, e.g. `keycloak/acme`.' })
  readonly issuer!: string | null
}

@ObjectType({ description: 'One setting of one system, in its vendor\u2019s words.' })
export class VendorSetting {
  @Field(() => String, { description: 'System or file in which it is made.' })
  readonly system!: string

  @Field(() => String, { description: 'Where in it.' })
  readonly where!: string

  @Field(() => String, { description: 'The vendor\u2019s name of the field.' })
  readonly field!: string

  @Field(() => String, { description: 'What it should hold, as it would be written.' })
  readonly value!: string
}

@ObjectType({ description: 'A change that would let a hop be known better.' })
export class JoinAdvice {
  @Field(() => [VendorSetting], { description: 'Needed together.' })
  readonly settings!: readonly VendorSetting[]

  @Field(() => Provabilities, { description: 'How far the hop could then be known.' })
  readonly becomes!: Provability

  @Field(() => Count, { description: 'Retrievals of these days whose hop is weaker than that.' })
  readonly helps!: number
}

@ObjectType({ description: 'Retrievals by how far the hop is known in their chains.' })
export class HopCounts {
  @Field(() => Count, { description: 'Proven.' })
  readonly proven!: number

  @Field(() => Count, { description: 'Inferred.' })
  readonly inferred!: number

  @Field(() => Count, { description: 'Ambiguous.' })
  readonly ambiguous!: number

  @Field(() => Count, { description: 'Missing.' })
  readonly missing!: number
}

@Extensions({ evidence: true })
@ObjectType({
  implements: () => [Evidenced],
  description: 'One hop from a place of login, how far it can be known, and why.',
})
export class JoinableHop extends Evidenced {
  @Field(() => LoginPlace, { description: 'Where it begins.' })
  readonly place!: LoginPlace

  @Field(() => JoinedTos, { description: 'What it leads to.' })
  readonly joins!: JoinedTo

  @Field(() => Provabilities, { description: 'How far it can be known as things are set now.' })
  readonly provability!: Provability

  @Field(() => String, { description: 'Why no further.' })
  readonly why!: string

  @Field(() => Bases, { description: 'From what this was seen.' })
  readonly basis!: 'configuration' | 'records' | 'declaration'

  @Field(() => [JoinAdvice], { description: 'What would change it.' })
  readonly advice!: readonly JoinAdvice[]

  @Field(() => HopCounts, { description: 'What the chains of these days came to.' })
  readonly retrievals!: HopCounts
}

@ObjectType({ description: 'How often the values of a field are found at an issuer.' })
export class ClaimMatch {
  @Field(() => String, { description: 'The claim that they would be.' })
  readonly claim!: string

  @Field(() => String, { description: 'Field of the login\u2019s metadata.' })
  readonly field!: string

  @Field(() => Int, { description: 'Logins whose value the issuer recorded.' })
  readonly matched!: number

  @Field(() => Int, { description: 'Logins that carry the field.' })
  readonly of!: number
}

@ObjectType({ description: 'A federation that the records suggest. It joins nothing until an operator declares it.' })
export class FederationProposal {
  @Field(() => ID, { description: 'The source instance whose mount it is.' })
  readonly source!: string

  @Field(() => String, { description: 'The mount.' })
  readonly mount!: string

  @Field(() => String, { description: 'The issuer, e.g. `github/github.com`.' })
  readonly issuer!: string

  @Field(() => [ClaimMatch], { description: 'The figures behind it.' })
  readonly claims!: readonly ClaimMatch[]

  @Field(() => String, { description: 'To paste under `federations` of the source in catena.yaml.' })
  readonly yaml!: string

  @Field(() => String, { description: 'In a sentence.' })
  readonly words!: string
}

@Extensions({ evidence: true })
@ObjectType({ implements: () => [Evidenced], description: 'Chains that break at the same place for the same cause.' })
export class BrokenGroup extends Evidenced {
  @Field(() => Hops, { description: 'Where in the path.' })
  readonly hop!: Hop

  @Field(() => BrokenStates, { description: 'In which way.' })
  readonly state!: 'missing' | 'ambiguous'

  @Field(() => BrokenReasons, { description: 'Why.' })
  readonly reason!: MissingReason | 'several fit'

  @Field(() => ID, { description: 'The source instance in which they break.' })
  readonly source!: string

  @Field(() => LoginPlace, { nullable: true, description: 'The place of login, where the chains got so far.' })
  readonly place!: LoginPlace | null

  @Field(() => Count, { description: 'How many retrievals.' })
  readonly retrievals!: number

  @Field(() => Count, { description: 'Of how many credentials.' })
  readonly credentials!: number

  @Field(() => [ID], { description: 'Newest retrievals: give one to `chain`.' })
  readonly examples!: readonly string[]

  @Field(() => String, { description: 'What would close it, in words.' })
  readonly remedy!: string

  @Field(() => [JoinAdvice], { description: 'The exact settings, where a setting closes it.' })
  readonly advice!: readonly JoinAdvice[]
}

@ObjectType({ description: 'A page of hops, those that would help most first.' })
export class JoinableHopConnection extends connectionTypeOf('JoinableHop', 'hops', () => JoinableHop) {}

@ObjectType({ description: 'A page of causes, the most frequent first.' })
export class BrokenGroupConnection extends connectionTypeOf(
  'BrokenGroup',
  'causes of broken chains',
  () => BrokenGroup,
) {}

@ObjectType({ description: 'What logins can be joined to, what cannot and why, and where chains break.' })
export class Joinability {
  @Field(() => DateTime, { description: 'Retrievals from here on were looked at.' })
  readonly from!: Instant

  @Field(() => DateTime, { description: 'The newest retrieval, or the time asked about.' })
  readonly to!: Instant

  @Field(() => Count, { description: 'Retrievals that were looked at.' })
  readonly retrievals!: number

  @Field(() => Boolean, { description: 'There were more in these days: only the newest were looked at.' })
  readonly truncated!: boolean

  @Field(() => [FederationProposal], {
    description: 'Federations that the records suggest, at most one per mount and issuer.',
  })
  readonly proposals!: readonly FederationProposal[]

  /** Not part of the schema. */
  readonly report!: JoinabilityReport
  readonly asOf!: KnownAsOf
  readonly days!: number
}
