import type { Instant } from '@catena/domain'
import { figuresCsv, figuresOver, sharesOf, wholePercent, type FiguresOver } from '@catena/recertification'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { escapeText } from '../terminal/escape.js'
import { withDesk } from './with-desk.js'

export interface FiguresOptions {
  readonly definition?: string
  readonly from?: Instant
  readonly to?: Instant
  readonly format: 'text' | 'csv' | 'json'
}

/** Campaigns in numbers, each and together. */
export async function showFigures(context: CliContext, { definition, from, to, format }: FiguresOptions): Promise<ExitCode> {
  return withDesk(context, async (desk) => {
    const found = await figuresOver(desk, { definition, from, to })
    context.stdout.write(FORMS[format](found))
    if (found.isCut) context.stderr.write(`catena: these are the newest ${found.rows.length}, and there are more: narrow them with --definition, --from or --to\n`)
    return found.rows.length === 0 ? EXIT.nothingFound : EXIT.ok
  })
} // prettier-ignore

const FORMS: Readonly<Record<FiguresOptions['format'], (found: FiguresOver) => string>> = {
  csv: figuresCsv,
  json: (found) => `${JSON.stringify(found, null, 2)}\n`,
  text: ({ rows, total }) => rows.length === 0 ? 'No campaigns.\n' : [...rows.map(({ campaign, figures }) => lineOf(escapeText(`${campaign.id} (${campaign.status})`), figures)), lineOf('all', total)].join(''),
} // prettier-ignore

function lineOf(name: string, of: FiguresOver['total']): string {
  const { coverage, timeliness } = sharesOf(of)
  const days = of.medianToVerifiedMs === undefined ? 'no time' : `${(of.medianToVerifiedMs / 86_400_000).toFixed(1)} days`
  return [
    `${name}: ${of.items} items, ${percent(coverage)} covered, ${of.expired} expired, ${of.open} open\n`,
    `  ${of.certified} certified, ${of.revoked} revoked, ${of.modified} modified, ${of.excepted} excepted, ${of.moot} moot, ${of.superseded} superseded\n`,
    `  ${of.votes} votes, ${percent(timeliness)} in time, ${of.selfReviews} self-reviews, ${of.conflictsRefused} refused for a conflict, ${of.impeached} contradicted later\n`,
    `  ${of.orders} ordered, ${of.verified} verified, ${days} to the proof, ${of.regressions} came back\n`,
  ].join('')
} // prettier-ignore

function percent(share: number | undefined): string {
  return share === undefined ? 'none' : `${wholePercent(share)} %`
}
