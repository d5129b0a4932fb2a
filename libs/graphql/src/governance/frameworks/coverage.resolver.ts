import { aggregate, CROSSWALK, type CoverageNow, type Verdict } from '@catena/governance'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Query, Resolver } from '@nestjs/graphql'
import { Allow } from '../../caller/allow.js'
import { badInput } from '../../errors/api-error.js'
import { FrameworkCoverage } from './coverage.model.js'
import { ReadCoverage } from './read-coverage.js'

@Allow('auditor', 'security-engineer')
@Resolver()
export class CoverageResolver {
  constructor(private readonly queries: QueryBus) {}

  @Query(() => FrameworkCoverage, { description: 'How far frameworks are met: every entry with its verdicts.' })
  async frameworkCoverage(
    @Args('framework', { type: () => String, nullable: true, description: 'Only this one, as answers name it; left out: all.' })
    framework: string | null | undefined,
  ): Promise<FrameworkCoverage> {
    const known = [...new Set(CROSSWALK.entries.map((entry) => entry.framework))]
    if (framework != null && !known.includes(framework)) throw badInput(`the crosswalk has ${known.join(', ')}: choose one of them`)
    return toCoverage(await this.queries.execute(new ReadCoverage()), framework ?? undefined)
  }
} // prettier-ignore

function toCoverage({ position, entries, ...told }: CoverageNow, framework: string | undefined): FrameworkCoverage {
  const own = entries.filter(({ entry }) => framework === undefined || entry.framework === framework)
  return {
    ...told,
    position: position ?? null,
    entries: own.map(({ entry, verdicts }) => ({
      framework: entry.framework,
      canonical: entry.canonical,
      cited: entry.cited ?? null,
      controls: [...entry.controls],
      verdict: aggregate((Object.keys(verdicts) as Verdict[]).filter((verdict) => verdicts[verdict] > 0)),
      ...verdicts,
    })),
  }
}
