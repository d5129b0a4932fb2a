import type { SourceInstance } from '@catena/domain'
import type { IntakeKeys } from '@catena/ingest'
import type { IntakeHealth, IntakeReports, Ledger, Quarantine } from '@catena/ledger'
import type { AccessReader } from '@catena/projections'
import type { Instance, PartitionLag } from '@catena/runtime'

export interface OpenLedger {
  readonly ledger: Ledger & IntakeReports
  /** Of the installation: what masks values and recognises records. */
  readonly keys: IntakeKeys
  close(): Promise<void>
}

export interface OpenReader {
  readonly reader: AccessReader
  readonly ledger: Ledger & IntakeReports & IntakeHealth & Pick<Quarantine, 'quarantineCounts'>
  /** Undefined: no brokers are configured. Resolves with undefined where none tells. */
  readonly kafkaLag?: () => Promise<readonly PartitionLag[] | undefined>
  close(): Promise<void>
}

/** Catena's declared sources. */
export interface Sources {
  readonly sources: readonly SourceInstance[]
  /** The file that declares them; undefined: none was found. */
  readonly origin: string | undefined
}

export interface Output {
  write(text: string): unknown
}

/** All that a command touches outside itself. Opened only when asked for, so that `--help` needs neither database nor configuration. */
export interface CliContext {
  /** With the read models caught up to the ledger, unless told otherwise. */
  openReader(options?: { readonly catchUp?: boolean }): Promise<OpenReader>
  openLedger(): Promise<OpenLedger>
  /** The whole instance, for what changes it or looks at all of it. */
  openInstance(): Promise<Instance>
  sources(): Promise<Sources>
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: AsyncIterable<Buffer>
  readonly isTerminal: boolean
  readonly columns: number
  readonly env: Readonly<Record<string, string | undefined>>
  now(): number
  /** Aborts when the user interrupts; until it is asked for, an interrupt ends the process. */
  interrupted(): AbortSignal
  /** Sets the code with which the process will end. */
  exit(code: number): void
}
