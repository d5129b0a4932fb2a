import { parseInstant } from '@catena/domain'
import {
  detachEvents,
  lastBefore,
  lastClosed,
  PARTITION_POSITIONS,
  readArchiveName,
  type ArchiveManifest,
} from '@catena/ledger'
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Instance } from '@catena/runtime'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { operatorOf } from '../operator.js'
import { paperOf } from '../run-command.js'
import { count } from '../terminal/numbers.js'
import { paint, plain } from '../terminal/paint.js'
import { show } from '../trace/json.js'
import { unlessBusy } from './unless-busy.js'

export interface DetachOptions {
  readonly before: string
  readonly to: string
  readonly by?: string
  readonly json?: boolean
}

type Border = { readonly position: number } | { readonly time: number }

export async function detachArchives(context: CliContext, options: DetachOptions): Promise<ExitCode> {
  const border = borderOf(options.before)
  const folder = resolve(options.to)
  await requireFolder(folder)
  const actor = operatorOf(context, options.by)
  const instance = await context.openInstance()
  try {
    const upTo = await lastWanted(instance, border)
    await requireClosed(instance, upTo, options.before)
    const { ownerUrl } = instance
    const manifests = await unlessBusy(detachEvents({ ownerUrl, upTo, folder, actor }))
    context.stdout.write(options.json === true ? show({ detached: manifests }) : textOf(context, manifests, upTo))
    return EXIT.ok
  } finally {
    await instance.close()
  }
}

function borderOf(text: string): Border {
  if (/^\d{1,15}$/.test(text)) return { position: Number(text) }
  const time = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)
  if (time !== undefined) return { time }
  throw new CommandFailure(
    `--before is "${text}": write a position, or a date such as 2026-03-01 or 2026-03-01T08:00:00Z`,
  )
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() !== true)
    throw new CommandFailure(`--to ${folder}: there is no such folder; make it, readable for nobody else`)
  await access(folder, constants.W_OK).catch(() => {
    throw new CommandFailure(`--to ${folder}: nothing can be written there`)
  })
}

async function lastWanted({ databaseUrl, ledger }: Instance, border: Border): Promise<number> {
  if ('position' in border) return Math.min(border.position - 1, await ledger.head())
  return lastBefore(databaseUrl, border.time)
}

async function requireClosed({ ledger }: Instance, upTo: number, before: string): Promise<void> {
  if (lastClosed(upTo) > 0) return
  throw new CommandFailure(
    `no full partition ends before ${before}: the first one ends at position ${count(PARTITION_POSITIONS - 1)}, the ledger at ${count(await ledger.head())}`,
  )
}

function textOf(context: CliContext, manifests: readonly ArchiveManifest[], upTo: number): string {
  const lines = manifests.map(({ first, last, events, decisions, file }) => {
    const stay = decisions === 0 ? '' : `, ${count(decisions)} decisions stay`
    return `Positions ${count(first)} to ${count(last)}: ${count(events - decisions)} records in ${file}${stay}`
  })
  lines.push(...manifests.flatMap(({ file }) => readArchiveName(file)?.before.map(left) ?? []))
  if (lines.length === 0) lines.push(`Everything up to position ${count(lastClosed(upTo))} is in files already.`)
  return `${lines.map((line) => paint([plain(line)], paperOf(context))).join('\n')}\n`
}

/** By a detach that was killed before its commit, or from before an erasure: the ledger declares it no more, so nothing else speaks of it. */
function left(file: string): string {
  return `${file} was there before and is another: unless another installation needs it, destroy it, for it may hold what was erased since.`
}
