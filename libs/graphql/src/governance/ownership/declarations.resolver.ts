import type { Caller, Instant, Key } from '@catena/domain'
import type { LocationKind, StewardRole, StewardshipCommand } from '@catena/governance'
import { credentialOf } from '@catena/projections'
import { CommandBus } from '@nestjs/cqrs'
import { Args, ID, Int, Mutation, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { CurrentCaller } from '../../caller/current-caller.js'
import { badInput } from '../../errors/api-error.js'
import { DateTime, KeyScalar } from '../../scalars/index.js'
import { present } from '../../sharing/decided.js'
import { NamedKey } from '../../sharing/sharing.inputs.js'
import { LocationKindEnum } from './declarations.model.js'
import { DecideOnCredential } from './decide-on-credential.js'
import { toCredentialDecided } from './to-credential-decided.js'
import { CredentialDecidedResult, StewardRoleEnum } from './ownership.model.js'

const CREDENTIAL = { type: () => ID, description: 'Id of the credential, as answers name it.' }
const ROLE = { type: () => StewardRoleEnum, description: 'What they do for it.' }
const KIND = { type: () => LocationKindEnum, description: 'What sort of place holds the copy.' }
const PLACE = { type: () => String, description: 'Which place, e.g. `acme/shop STRIPE_KEY`. Never a value.' }

/** What people say of a credential that no record tells: who keeps it, where copies lie, who had it on paper. */
@Allow('security-engineer')
@Resolver()
export class DeclarationsResolver {
  constructor(private readonly commands: CommandBus) {}

  @Mutation(() => CredentialDecidedResult, {
    description:
      'Registers a credential that no source shows, e.g. the password of a vendor’s portal. Its id is made of system and path.',
  })
  registerCredential(
    @Args('system', { type: () => String, description: 'Where it is kept, e.g. `paper/safe`.' }) system: string,
    @Args('path', { type: () => String, description: 'What it is called there.' }) path: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const credential = credentialOf({ system, container: '', path })
    if (credential === undefined || system.trim() === '' || path.trim() === '')
      throw badInput('name the system that keeps it, and what it is called there')
    return this.decide({ do: 'RegisterCredential', credential, system, path }, caller)
  }

  @Mutation(() => CredentialDecidedResult, { description: 'Makes somebody a custodian or requester of a credential.' })
  addSteward(
    @Args('credential', CREDENTIAL) credential: string,
    @Args('steward', { type: () => NamedKey, description: 'Whom.' }) { key, name }: NamedKey,
    @Args('role', ROLE) role: StewardRole,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return this.decide({ do: 'AddSteward', credential, key, name, role }, caller)
  }

  @Mutation(() => CredentialDecidedResult, { description: 'Ends that somebody is a custodian or requester.' })
  removeSteward(
    @Args('credential', CREDENTIAL) credential: string,
    @Args('steward', { type: () => KeyScalar, description: 'Key of whom.' }) key: Key,
    @Args('role', ROLE) role: StewardRole,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return this.decide({ do: 'RemoveSteward', credential, key, role }, caller)
  }

  @Mutation(() => CredentialDecidedResult, {
    description: 'Declares a copy outside the slot, or declares it anew after a rotation reached it.',
  })
  declareCopy(
    @Args('credential', CREDENTIAL) credential: string,
    @Args('kind', KIND) kind: LocationKind,
    @Args('place', PLACE) place: string,
    @Args('version', { type: () => Int, nullable: true, description: 'Version that it holds, where that is known.' })
    version: number | null | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return this.decide({ do: 'DeclareCopy', credential, kind, place, ...present({ version }) }, caller)
  }

  @Mutation(() => CredentialDecidedResult, { description: 'Says that a declared copy is there no more.' })
  clearCopy(
    @Args('credential', CREDENTIAL) credential: string,
    @Args('kind', KIND) kind: LocationKind,
    @Args('place', PLACE) place: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return this.decide({ do: 'ClearCopy', credential, kind, place }, caller)
  }

  @Mutation(() => CredentialDecidedResult, {
    description: 'Declares that somebody had it. Shown as declared, never as proven.',
  })
  declareCheckout(
    @Args('credential', CREDENTIAL) credential: string,
    @Args('who', { type: () => NamedKey, description: 'Who had it.' }) { key, name }: NamedKey,
    @Args('from', { type: () => DateTime, description: 'Since when.' }) from: Instant,
    @Args('to', { type: () => DateTime, nullable: true, description: 'Until when, where that is known.' })
    to: Instant | null | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return this.decide({ do: 'DeclareCheckout', credential, key, name, from, ...present({ to }) }, caller)
  }

  private decide(command: StewardshipCommand, caller: Caller): Promise<object> {
    return toCredentialDecided(command.credential, () => this.commands.execute(new DecideOnCredential(command, caller)))
  }
}
