import type { Caller } from '@catena/domain'
import type { OwnershipRule, PrivilegeRule } from '@catena/governance'
import { CommandBus } from '@nestjs/cqrs'
import { Args, Mutation, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { CurrentCaller } from '../../caller/current-caller.js'
import { toResult } from '../../commands/refused.model.js'
import { present } from '../../sharing/decided.js'
import { PublishRules } from './publish-rules.js'
import { OwnershipRuleInput, PrivilegeRuleInput, RulesPublished, RulesResult } from './rules.model.js'

/** Lists of rules that any credential may be under; each is published as a whole. */
@Allow('security-engineer')
@Resolver()
export class RulesResolver {
  constructor(private readonly commands: CommandBus) {}

  @Mutation(() => RulesResult, { description: 'Publishes whose credentials are that nobody was assigned to by name.' })
  publishOwnershipRules(
    @Args('rules', { type: () => [OwnershipRuleInput], description: 'All rules.' }) rules: OwnershipRuleInput[],
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return this.publish(new PublishRules('ownership', rules.map(toOwnershipRule), caller))
  }

  @Mutation(() => RulesResult, { description: 'Publishes what makes a credential privileged.' })
  publishPrivilegeRules(
    @Args('rules', { type: () => [PrivilegeRuleInput], description: 'All rules.' }) rules: PrivilegeRuleInput[],
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return this.publish(new PublishRules('privilege', rules.map(toPrivilegeRule), caller))
  }

  private async publish(command: PublishRules): Promise<object> {
    return toResult(await this.commands.execute(command), (list) => Object.assign(new RulesPublished(), list))
  }
}

function toOwnershipRule({ id, system, path, owner }: OwnershipRuleInput): OwnershipRule {
  return { id, path, owner: { key: owner.key, name: owner.name }, ...present({ system }) }
}

function toPrivilegeRule({ id, system, path, policies, reaches }: PrivilegeRuleInput): PrivilegeRule {
  return { id, ...present({ system, path, policies, reaches }) }
}
