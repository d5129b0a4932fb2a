/** Longest name of an operation that is kept. */
const LENGTH_MAX = 128

/** The name that a client gave its operation, as the ledger keeps it. */
export function keptOperationName(name: string | null | undefined): string | undefined {
  return name?.slice(0, LENGTH_MAX)
}
