import { formatInstant } from '@catena/domain'
import type { JoinabilityReport } from '@catena/joinability'
import type { KnownAsOf } from '@catena/projections'
import { show } from '../trace/json.js'

/** For scripts; members are only ever added. */
export function joinabilityJson(report: JoinabilityReport, asOf: KnownAsOf): string {
  return show({ ...stateOf(report, asOf), hops: report.hops, proposals: report.proposals })
}

export function brokenJson(report: JoinabilityReport, asOf: KnownAsOf): string {
  return show({ ...stateOf(report, asOf), broken: report.broken })
}

function stateOf({ survey }: JoinabilityReport, { cut, validAt }: KnownAsOf): object {
  return {
    asOf: { cut, validAt: validAt === undefined ? null : formatInstant(validAt) },
    days: survey.days,
    from: formatInstant(survey.from),
    to: formatInstant(survey.to),
    retrievals: survey.retrievals.length,
    truncated: survey.truncated,
  }
}
