import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectorFor } from '@catena/connectors'
import { CLAIMS, type Claim, type Federation, type SourceInstance, type SourceKind } from '@catena/domain'
import { ingestFile, type FileSummary, type IntakeKeys } from '@catena/ingest'
import type { Ledger } from '@catena/ledger'
import { ConfigurationError } from '@catena/platform'

/** A recorded course of work: `manifest.json` names its files, sources and federations. */
export interface Recording {
  readonly folder: string
  readonly truth: string
  readonly sources: readonly SourceInstance[]
  readonly files: readonly { readonly source: SourceInstance; readonly path: string }[]
}

interface Manifest {
  readonly truth?: string
  readonly sources: readonly {
    readonly id: string
    readonly kind: SourceKind
    readonly scope: string
    readonly files: readonly { readonly path: string }[]
    readonly federations?: readonly {
      readonly mount: string
      readonly issuer: string
      readonly claims: Readonly<Record<string, string>>
      readonly client?: string
      readonly max_session_s?: number
    }[]
    readonly shared_identities?: readonly string[]
    readonly heartbeat_s?: number
    readonly gaps?: readonly { readonly from: string; readonly to: string }[]
  }[]
}

/** The recorded organisation that belongs to the project. */
export const RECORDING_FOLDER = join(process.cwd(), 'test', 'recordings', 'vault-keycloak')

export async function openRecording(folder = RECORDING_FOLDER): Promise<Recording> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => undefined)
  if (text === undefined) throw new ConfigurationError(folder, ['holds no recording: its manifest.json cannot be read'])
  const manifest = JSON.parse(text) as Manifest
  const sources = manifest.sources.map(sourceOf)
  const files = manifest.sources.flatMap((entry, index) =>
    entry.files.map(({ path }) => ({ source: sources[index] as SourceInstance, path: join(folder, path) })),
  )
  const absent = files.filter(({ path }) => !existsSync(path)).map(({ path }) => path)
  if (absent.length > 0)
    throw new Error(`the recording's manifest names files that are not there: ${absent.join(', ')}`)
  return { folder, truth: join(folder, manifest.truth ?? 'truth.jsonl'), sources, files }
}

/** Feeds all files through the file door. */
export async function feedRecording(
  recording: Recording,
  ledger: Pick<Ledger, 'append' | 'laneStand'>,
  keys: IntakeKeys,
): Promise<FileSummary[]> {
  const summaries: FileSummary[] = []
  for (const { source, path } of recording.files) {
    summaries.push(await ingestFile({ path, source, ledger, connectorFor, keys, final: true }))
  }
  return summaries
}

function sourceOf(entry: Manifest['sources'][number]): SourceInstance {
  return {
    id: entry.id,
    kind: entry.kind,
    scope: entry.scope,
    sharedIdentities: entry.shared_identities ?? [],
    ...(entry.heartbeat_s === undefined ? {} : { heartbeatSeconds: entry.heartbeat_s }),
    gaps: (entry.gaps ?? []).map((gap) => ({ from: Date.parse(gap.from), to: Date.parse(gap.to) })),
    federations: (entry.federations ?? []).map(federationOf),
  }
}

function federationOf(entry: NonNullable<Manifest['sources'][number]['federations']>[number]): Federation {
  const [kind, scope] = [
    entry.issuer.slice(0, entry.issuer.indexOf(':')),
    entry.issuer.slice(entry.issuer.indexOf(':') + 1),
  ]
  return {
    mount: entry.mount,
    issuer: { kind: kind as SourceKind, scope },
    claims: claimsOf(entry.claims),
    ...(entry.client === undefined ? {} : { client: entry.client }),
    ...(entry.max_session_s === undefined ? {} : { sessionMaxMs: entry.max_session_s * 1000 }),
  }
}

/** Recordings may name claim → field or field → claim; the names of claims tell which. */
function claimsOf(claims: Readonly<Record<string, string>>): Partial<Record<Claim, string>> {
  const known = (name: string): name is Claim => (CLAIMS as readonly string[]).includes(name)
  const pairs = Object.entries(claims).flatMap(([left, right]) =>
    known(left) ? [[left, right]] : known(right) ? [[right, left]] : [],
  )
  return Object.fromEntries(pairs) as Partial<Record<Claim, string>>
}
