import type { Coverage } from '@catena/access-chain'
import type { Instant } from '@catena/domain'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import type { Control } from '../controls/control.js'
import { evaluate } from '../controls/evaluate.js'
import { witnessesOf } from '../history/questions.js'
import { HistoryReader } from '../history/read-history.js'
import { registeredCredentials } from '../ownership/read-stewardship.js'
import type { JudgedCredential, ReportHead, ReportedSource } from './control-report.js'

/** Credentials judged at once. */
const SIDE_BY_SIDE = 8

export interface ReportAsked {
  readonly controls: readonly Control[]
  readonly framework?: string
  readonly at: Instant
}

export async function headOf(reader: AccessReader, asOf: KnownAsOf, asked: ReportAsked): Promise<ReportHead> {
  const index = reader.index(asOf)
  const sources = await Promise.all(
    reader.settings.sources.map(async ({ id, kind, gaps }): Promise<ReportedSource> => {
      const coverage = await index.coverage(id)
      const lost = [...gaps, ...(coverage?.lost ?? [])].filter(({ from }) => from <= asked.at)
      return { id, kind, gaps: lost.length, ...heardBy(coverage, asked.at) }
    }),
  )
  return { ...asked, position: asOf.position, cut: asOf.cut, sources }
}

/** Of what it told of, the part up to the moment. */
function heardBy(coverage: Coverage | undefined, at: Instant): Pick<ReportedSource, 'from' | 'to'> {
  if (coverage === undefined || coverage.from > at) return {}
  return { from: coverage.from, to: Math.min(coverage.to, at) }
}

/** Every credential that was known at the cut, judged at the moment, all by one state of knowledge: by system and name, then those registered by hand. */
export async function* judgedCredentials(
  reader: AccessReader,
  asOf: KnownAsOf,
  { controls, at }: Pick<ReportAsked, 'controls' | 'at'>,
): AsyncGenerator<JudgedCredential> {
  const histories = new HistoryReader(reader)
  const judge = async (id: string): Promise<JudgedCredential | undefined> => {
    const history = await histories.onDate(asOf, id, at)
    if (history === undefined) return undefined
    const { system, container = '', path } = history.slot
    return {
      id,
      system,
      name: `${container}${path}`,
      results: evaluate(history, controls).results,
      looked: witnessesOf(history.accessors),
    }
  }
  for await (const ids of partsOf(reader, asOf))
    for (let from = 0; from < ids.length; from += SIDE_BY_SIDE)
      for (const one of await Promise.all(ids.slice(from, from + SIDE_BY_SIDE).map(judge)))
        if (one !== undefined) yield one
}

async function* partsOf(reader: AccessReader, asOf: KnownAsOf): AsyncGenerator<string[]> {
  for await (const part of reader.everyCredential(asOf)) yield part.map(({ id }) => id)
  for await (const part of registeredCredentials(reader.pool, asOf.position)) {
    const ids = part.map(({ id }) => id)
    const seen = await reader.credentialsById(asOf, ids)
    yield ids.filter((id) => !seen.has(id))
  }
}
