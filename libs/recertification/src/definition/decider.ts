import { refusal } from '@catena/domain'
import { asDecider, type Rules } from '../rules.js'
import type { Definition } from './definition.js'
import { problemsOf } from './problems.js'

/** Versions of one definition; a campaign keeps the one it was begun with. */
export interface DefinitionState {
  readonly version: number
  readonly definition: Definition | undefined
  readonly isRetired: boolean
  /** Occurrences of the schedule up to here were begun, or noted as missed. */
  readonly handledUntil: number
}
export type DefinitionCommand =
  | { readonly type: 'Define'; readonly id: string; readonly definition: Definition }
  | { readonly type: 'Retire'; readonly id: string }
  | {
      readonly type: 'NoteOccurrences'
      readonly id: string
      readonly until: number
      readonly begun: readonly string[]
      readonly missed: readonly number[]
    }
export type DefinitionEvent =
  | { readonly type: 'CampaignDefined'; readonly data: { readonly id: string; readonly version: number; readonly definition: Definition } }
  | { readonly type: 'CampaignOccurrencesHandled'; readonly data: { readonly id: string; readonly until: number; readonly begun: readonly string[]; readonly missed: readonly number[] } }
  | { readonly type: 'CampaignDefinitionRetired'; readonly data: { readonly id: string } } // prettier-ignore
export type DefinitionCode = 'BAD_DEFINITION' | 'NO_DEFINITION'

const rules: Rules<DefinitionState, DefinitionCommand, DefinitionEvent, DefinitionCode> = {
  initial: { version: 0, definition: undefined, isRetired: false, handledUntil: 0 },
  decide(state, command) {
    if (command.type === 'Retire') {
      if (state.definition === undefined) return refusal('NO_DEFINITION', 'there is no such definition')
      return state.isRetired ? [] : [{ type: 'CampaignDefinitionRetired', data: { id: command.id } }]
    }
    if (command.type === 'NoteOccurrences') {
      const { id, until, begun, missed } = command
      return until <= state.handledUntil
        ? []
        : [{ type: 'CampaignOccurrencesHandled', data: { id, until, begun, missed } }]
    }
    const problems = problemsOf(command.definition)
    if (problems.length > 0) return refusal('BAD_DEFINITION', problems.join('; '))
    const { id, definition } = command
    return [{ type: 'CampaignDefined', data: { id, definition, version: state.version + 1 } }]
  },
  evolve(state, event, by) {
    if (event.type === 'CampaignOccurrencesHandled') return { ...state, handledUntil: event.data.until }
    if (event.type === 'CampaignDefinitionRetired') return { ...state, isRetired: true }
    return {
      version: event.data.version,
      definition: event.data.definition,
      isRetired: false,
      handledUntil: Math.max(by.at, state.handledUntil),
    }
  },
}
export const definitionDecider = asDecider(rules)

export function definitionStream(id: string): string {
  return `campaign-definition:${id}`
}
