import { checkJoinability, type JoinabilityReport } from '@catena/joinability'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'

export class CheckJoinability extends Query<JoinabilityReport> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly days: number,
  ) {
    super()
  }
}

/** Reports kept: pages of one report, and questions for hops and causes, share one walk. */
const KEPT_MAX = 8

@QueryHandler(CheckJoinability)
export class CheckJoinabilityHandler implements IQueryHandler<CheckJoinability> {
  private readonly kept = new Map<string, Promise<JoinabilityReport>>()

  constructor(private readonly reader: AccessReader) {}

  /** A state of knowledge never changes, so neither does its report. */
  execute({ asOf, days }: CheckJoinability): Promise<JoinabilityReport> {
    const id = `${asOf.position} ${asOf.validAt ?? ''} ${days}`
    const known = this.kept.get(id)
    if (known !== undefined) return known
    const [oldest] = this.kept.keys()
    if (this.kept.size >= KEPT_MAX && oldest !== undefined) this.kept.delete(oldest)
    const report = checkJoinability(this.reader, { asOf, days })
    this.kept.set(id, report)
    report.catch(() => this.kept.delete(id))
    return report
  }
}
