/** What an error says about the outcome, in order of precedence: a dead token's error also says `permission denied`. */
const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/wrapping token is not valid|invalid wrapping token/i, 'invalid wrapping token'],
  [/invalid token|bad token/i, 'invalid token'],
  [/permission denied/i, 'permission denied'],
  [
    /invalid credentials|invalid (?:role|secret)[ _-]?id|invalid role or secret|invalid username or password|user lockout|failed to bind as user/i,
    'invalid credentials',
  ],
  [/lease (?:is )?not found|invalid lease|lease expired/i, 'invalid lease'],
]

/** Longest start of an error that is searched. */
const ERROR_LENGTH_MAX = 10_000

/** Errors quote what people typed, so nothing but the class is kept. */
export function classifyError(error: string): string {
  const searched = error.slice(0, ERROR_LENGTH_MAX)
  return CLASSES.find(([pattern]) => pattern.test(searched))?.[1] ?? 'other error'
}
