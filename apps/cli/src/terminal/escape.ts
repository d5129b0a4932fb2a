import { unicodeEscape, UNSAFE } from '@catena/domain'

export { escapeText } from '@catena/domain'

/** JSON that is the same value, but safe to show. */
export function escapeJson(json: string): string {
  return json.replace(UNSAFE, (character) => (character === '\n' ? character : unicodeEscape(character.charCodeAt(0))))
}
