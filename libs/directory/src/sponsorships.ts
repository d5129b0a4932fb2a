import type { Activity, Instant, Key } from '@catena/domain'
import { holds } from './memberships.js'
import type { Sponsorship } from './port.js'
import { statementsOf } from './statements.js'

/**
 * Who answers for a workload at the moment. Each statement names all sponsors of the workload from then on, or between the days that
 * it states; a later one takes its place.
 */
export function sponsorshipsAt(workload: Key, facts: readonly Activity[], at: Instant): Sponsorship[] {
  const statements = statementsOf(
    facts.filter(({ kind }) => kind === 'sponsor-observed'),
    'sponsors',
  )
  const spans = statements.flatMap((statement, index) => {
    const { startsAt, endsAt } = statement.fact.attributes
    const to = [endsAt, statements[index + 1]?.at].filter((time) => typeof time === 'number')
    // A list tells of the time before it, too.
    const since = statement.isChange || index > 0 ? statement.at : undefined
    const from = typeof startsAt === 'number' ? startsAt : since
    const span = { ...(from === undefined ? {} : { from }), ...(to.length === 0 ? {} : { to: Math.min(...to) }) }
    const sponsors = Array.isArray(statement.value) ? statement.value : []
    return sponsors.map((sponsor) => ({
      workload,
      sponsor: sponsor as Key,
      ...span,
      evidence: statement.fact.positions,
    }))
  })
  return spans.filter((span) => holds(span, at))
}
