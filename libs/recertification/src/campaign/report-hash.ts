import { hash } from 'node:crypto'
import { canonicalJson, type Json } from '@catena/domain'
import type { SealedFigures } from './facts.js'

/** What a seal is over: the campaign, what was frozen, and what it came to. */
export function reportHashOf(id: string, population: string, figures: SealedFigures): string {
  return hash('sha256', canonicalJson({ id, population, figures } as unknown as Json), 'hex')
}
