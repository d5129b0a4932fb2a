import type { CliContext } from '../context.js'

export interface FakeContext extends CliContext {
  readonly out: () => string
  readonly errors: () => string
  readonly code: () => number | undefined
}

/** A context that records what a command writes and how it ends; whatever a spec does not give cannot be reached. */
export function fakeContext(parts: Partial<CliContext> = {}): FakeContext {
  const written = { out: '', errors: '' }
  let code: number | undefined
  const unreachable = (): Promise<never> => Promise.reject(new Error('not part of this test'))
  return {
    openReader: unreachable,
    openLedger: unreachable,
    openInstance: unreachable,
    sources: unreachable,
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.errors += text) },
    stdin: { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }) },
    isTerminal: false,
    columns: 80,
    env: {},
    now: () => Date.parse('2026-03-01T12:00:00Z'),
    interrupted: () => new AbortController().signal,
    exit: (given) => (code = given),
    ...parts,
    out: () => written.out,
    errors: () => written.errors,
    code: () => code,
  }
}
