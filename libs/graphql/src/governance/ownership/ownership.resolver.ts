import type { Caller, Key } from '@catena/domain'
import { ownerOf, UNSTEWARDED, type StewardshipCommand } from '@catena/governance'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { Args, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { CurrentCaller } from '../../caller/current-caller.js'
import { Credential } from '../../credentials/credential.model.js'
import { KeyScalar } from '../../scalars/index.js'
import { AttestOwnership } from './attest-ownership.js'
import { ImportOwners } from './import-owners.js'
import { DecideOnCredential, FindStewardship, type Stewarded } from './decide-on-credential.js'
import { CredentialDecidedResult, DeclaredFactsInput, OwnersImported, Stewardship } from './ownership.model.js'
import { toCredentialDecided } from './to-credential-decided.js'

@Allow('auditor', 'security-engineer')
@Resolver(() => Credential)
export class StewardshipResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => Stewardship, { description: 'Who answers for it, as decided up to this state of knowledge.' })
  async stewardship(@Parent() credential: Credential): Promise<Stewardship> {
    const found = await this.queries.execute(new FindStewardship(credential.id, credential.asOf.position))
    return toStewardship(credential, found)
  }
}

const ID_ARGUMENT = { type: () => ID, description: 'Id of the credential, as answers name it.' }

@Resolver()
export class OwnershipResolver {
  constructor(private readonly commands: CommandBus) {}

  @Allow('security-engineer')
  @Mutation(() => CredentialDecidedResult, { description: 'Makes somebody the one owner of a credential.' })
  assignOwner(
    @Args('credential', ID_ARGUMENT) credential: string,
    @Args('owner', { type: () => KeyScalar, description: 'Key of the person, team or workload.' }) key: Key,
    @Args('name', { type: () => String, description: 'Name that people know.' }) name: string,
    @CurrentCaller() caller: Caller,
  ) {
    return this.decide({ do: 'AssignOwner', credential, key, name }, caller)
  }

  @Allow('security-engineer', 'credential-owner')
  @Mutation(() => CredentialDecidedResult, {
    description: 'Attests that a credential is the caller’s. Only its owner can.',
  })
  attestOwnership(@Args('credential', ID_ARGUMENT) credential: string, @CurrentCaller() caller: Caller) {
    return toCredentialDecided(credential, () => this.commands.execute(new AttestOwnership(credential, caller)))
  }

  @Allow('security-engineer')
  @Mutation(() => OwnersImported, {
    description: 'Makes people and teams the owners of credentials, by a list: all of its lines, or none.',
  })
  importOwners(
    @Args('csv', {
      type: () => String,
      description: 'CSV with a header line: credential,owner and, where wanted, system and custodians.',
    })
    csv: string,
    @Args('dryRun', {
      type: () => Boolean,
      defaultValue: false,
      description: 'Look at every line, and change nothing.',
    })
    isDryRun: boolean,
    @CurrentCaller() caller: Caller,
  ): Promise<OwnersImported> {
    return this.commands.execute(new ImportOwners(csv, isDryRun, caller))
  }

  @Allow('security-engineer')
  @Mutation(() => CredentialDecidedResult, {
    description: 'Declares facts of a credential; shown as declared, never as proven.',
  })
  declareCredentialFacts(
    @Args('credential', ID_ARGUMENT) credential: string,
    @Args('facts', { type: () => DeclaredFactsInput, description: 'What is declared.' }) facts: DeclaredFactsInput,
    @CurrentCaller() caller: Caller,
  ) {
    const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value != null))
    return this.decide({ do: 'DeclareFacts', credential, facts: given }, caller)
  }

  private decide(command: StewardshipCommand, caller: Caller) {
    return toCredentialDecided(command.credential, () => this.commands.execute(new DecideOnCredential(command, caller)))
  }
}

function toStewardship(credential: Credential, { stewardship = UNSTEWARDED, rules }: Stewarded): Stewardship {
  const { system, containerName, path } = credential
  const owner = ownerOf(stewardship, rules, { system, container: containerName ?? undefined, path })
  const { attested, stewards, declared, registration, copies, checkouts } = stewardship
  const attestedAt = attested?.owner === owner?.key ? (attested?.at ?? null) : null
  return {
    owner: owner === undefined ? null : { ...owner, rule: owner.rule ?? null, attestedAt },
    stewards: [...stewards],
    kind: declared.kind ?? null,
    environment: declared.environment ?? null,
    purpose: declared.purpose ?? null,
    shared: declared.shared ?? null,
    scope: declared.scope ?? null,
    reaches: [...(declared.reaches ?? [])],
    registration: registration ?? null,
    copies: copies.map((copy) => ({ ...copy, version: copy.version ?? null })),
    checkouts: checkouts.map((checkout) => ({ ...checkout, to: checkout.to ?? null })),
  }
}
