import { SOURCE_KINDS, type Connector, type SourceInstance, type SourceKind } from '@catena/domain'
import type { Framed } from '../framing/framed.js'
import { isKnownTo } from '../pipeline/prepare.js'

/** Records that are looked at. */
const SAMPLE_MAX = 100

/**
 * What is stored stays, so records of another system are refused before any of them is: said where no record is of a type that the
 * source writes and every readable one is of a type that another kind of source writes. Undefined: nothing speaks against the source.
 */
export function wrongSource(
  framed: readonly Framed[],
  { id, kind }: SourceInstance,
  connectorFor: (kind: SourceKind) => Connector,
): string | undefined {
  const sample = framed.slice(0, SAMPLE_MAX)
  const own = connectorFor(kind)
  if (sample.some((one) => isKnownTo(own, one) === true)) return undefined
  const other = SOURCE_KINDS.find((one) => one !== kind && isWrittenBy(connectorFor(one), own, sample))
  if (other === undefined) return undefined
  return `these are records of ${other}, and ${id} is a source of kind ${kind}: nothing was stored; name a source of kind ${other}`
}

function isWrittenBy(other: Connector, own: Connector, sample: readonly Framed[]): boolean {
  const readable = sample.filter((one) => isKnownTo(own, one) !== undefined || isKnownTo(other, one) !== undefined)
  return other !== own && readable.length > 0 && readable.every((one) => isKnownTo(other, one) === true)
}
