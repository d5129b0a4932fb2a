import { registerEnumType } from '@nestjs/graphql'

/**
 * A GraphQL enum for words of the domain: `custody: session ended` is CUSTODY_SESSION_ENDED to clients and itself inside.
 * The record makes the compiler ask for a description of every word.
 */
export function declareEnum<T extends string>(
  name: string,
  description: string,
  words: Readonly<Record<T, string>>,
): Record<string, T> {
  const entries = Object.entries<string>(words).map(([word, meaning]) => [enumName(word), word as T, meaning] as const)
  const values = Object.fromEntries(entries.map(([key, word]) => [key, word])) as Record<string, T>
  const valuesMap = Object.fromEntries(entries.map(([key, , meaning]) => [key, { description: meaning }]))
  registerEnumType(values, { name, description, valuesMap })
  return values
}

export function enumName(word: string): string {
  return word
    .replaceAll("'", '')
    .replace(/[^A-Za-z]+/g, '_')
    .toUpperCase()
}
