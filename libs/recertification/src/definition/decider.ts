import { refusal } from '@catena/domain'
import { asDecider, type Rules } from '../rules.js'
import type { Definition } from './definition.js'
import { problemsOf } from './problems.js'

/** Versions of one definition; a campaign keeps the one it was begun with. */
export interface DefinitionState {
  readonly version: number
  readonly definition: Definition | undefined
  readonly isRetired: boolean
}
export type DefinitionCommand =
  | { readonly type: 'Define'; readonly id: string; readonly definition: Definition }
  | { readonly type: 'Retire'; readonly id: string }
export type DefinitionEvent =
  | { readonly type: 'CampaignDefined'; readonly data: { readonly id: string; readonly version: number; readonly definition: Definition } }
  | { readonly type: 'CampaignDefinitionRetired'; readonly data: { readonly id: string } } // prettier-ignore
export type DefinitionCode = 'BAD_DEFINITION' | 'NO_DEFINITION'

const rules: Rules<DefinitionState, DefinitionCommand, DefinitionEvent, DefinitionCode> = {
  initial: { version: 0, definition: undefined, isRetired: false },
  decide(state, command) {
    if (command.type === 'Retire') {
      if (state.definition === undefined) return refusal('NO_DEFINITION', 'there is no such definition')
      return state.isRetired ? [] : [{ type: 'CampaignDefinitionRetired', data: { id: command.id } }]
    }
    const problems = problemsOf(command.definition)
    if (problems.length > 0) return refusal('BAD_DEFINITION', problems.join('; '))
    const { id, definition } = command
    return [{ type: 'CampaignDefined', data: { id, definition, version: state.version + 1 } }]
  },
  evolve(state, event) {
    if (event.type === 'CampaignDefinitionRetired') return { ...state, isRetired: true }
    return { version: event.data.version, definition: event.data.definition, isRetired: false }
  },
}
export const definitionDecider = asDecider(rules)

export function definitionStream(id: string): string {
  return `campaign-definition:${id}`
}
