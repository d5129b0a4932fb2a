/** Everything that is wrong with a configuration at once: where, and what to do. Never quotes a value that could be secret. */
export class ConfigurationError extends Error {
  constructor(
    readonly origin: string,
    readonly problems: readonly string[],
  ) {
    super(
      `${origin} has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}:\n  ${problems.join('\n  ')}`,
    )
    this.name = 'ConfigurationError'
  }
}
