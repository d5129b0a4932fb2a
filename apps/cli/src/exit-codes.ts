/** What scripts can rely on. */
export const EXIT = {
  ok: 0,
  /** Wrong use, wrong configuration, a file that cannot be read, a fault. */
  failed: 1,
  /** Found, but whose it was is not known for every chain; only with --strict. */
  unattributed: 2,
  nothingFound: 3,
  notUnique: 4,
  unreachable: 5,
  quarantined: 6,
  /** `catena doctor` names a setting that is risky. */
  risky: 7,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends a command with one line for people and a code for scripts. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    readonly code: ExitCode = EXIT.failed,
  ) {
    super(message)
    this.name = 'CommandFailure'
  }
}
