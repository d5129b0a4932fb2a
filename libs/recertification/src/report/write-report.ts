import { formatInstant } from '@catena/domain'
import { reportItems, type CampaignReport } from './campaign-report.js'
import { csvHead, csvLine } from './csv.js'
import { HTML_FOOT, htmlHead, htmlRow } from './html.js'
import type { ItemFacts } from './item-facts.js'

export const REPORT_FORMATS = ['html', 'csv', 'json'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** A report as text, piece by piece: a million items are never held at once. */
export async function* writeReport(desk: Parameters<typeof reportItems>[0], report: CampaignReport, format: ReportFormat): AsyncGenerator<string> {
  const { head, item, foot } = FORMS[format]
  yield head(report)
  let number = 0
  for await (const page of reportItems(desk, report.campaign, report.sealPosition ?? report.position)) yield page.map((facts) => item(facts, number++)).join('')
  yield foot
} // prettier-ignore

interface Form {
  readonly head: (report: CampaignReport) => string
  readonly item: (facts: ItemFacts, index: number) => string
  readonly foot: string
}

const FORMS: Readonly<Record<ReportFormat, Form>> = {
  html: { head: htmlHead, item: htmlRow, foot: HTML_FOOT },
  csv: { head: csvHead, item: csvLine, foot: '' },
  json: {
    head: (report) => `${JSON.stringify({ ...report, campaign: { ...report.campaign } }).slice(0, -1)},"items":[`,
    item: (facts, index) => `${index === 0 ? '' : ','}\n${JSON.stringify(jsonOf(facts))}`,
    foot: '\n]}\n',
  },
}

function jsonOf({ item, state, votes, orderedAt, verifiedAt, regressions }: ItemFacts): object {
  const times = { ...(orderedAt === undefined ? {} : { orderedAt: formatInstant(orderedAt) }), ...(verifiedAt === undefined ? {} : { verifiedAt: formatInstant(verifiedAt) }) }
  return { ...item, status: state.status, outcome: 'outcome' in state ? state.outcome : null, reviewers: state.reviewers, isImpeached: state.isImpeached, votes, comments: state.comments ?? [], ...times, regressions }
} // prettier-ignore
