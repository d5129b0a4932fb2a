import type { AccessReader, KnownAsOf } from '@catena/projections'
import { ReportCount } from './control-report.js'
import { headOf, judgedCredentials, type ReportAsked } from './read-report.js'
import { csvHead, csvLines } from './report-csv.js'
import { htmlReport } from './report-html.js'

export const CONTROL_REPORT_FORMATS = ['html', 'csv'] as const
export type ControlReportFormat = (typeof CONTROL_REPORT_FORMATS)[number]

/** The report of controls as text, piece by piece; the CSV is never held as a whole. */
export async function* writeControlReport(
  reader: AccessReader,
  asOf: KnownAsOf,
  asked: ReportAsked,
  format: ControlReportFormat,
): AsyncGenerator<string> {
  const head = await headOf(reader, asOf, asked)
  const judged = judgedCredentials(reader, asOf, asked)
  if (format === 'csv') {
    yield csvHead()
    for await (const one of judged) yield csvLines(head, one)
    return
  }
  const count = new ReportCount(head)
  for await (const one of judged) count.add(one)
  yield htmlReport(count.report())
}
