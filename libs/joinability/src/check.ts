import type { SourceInstance } from '@catena/domain'
import type { AccessReader } from '@catena/projections'
import { assess } from './assess.js'
import { brokenGroups, type BrokenGroup } from './broken.js'
import type { JoinableHop } from './hop.js'
import { ISSUER_VERBS, propose, type Proposal } from './propose.js'
import { readSurvey, type Survey, type SurveyRequest } from './read-survey.js'

/** What can be joined, what cannot and why, and where chains break, in one state of knowledge. */
export interface JoinabilityReport {
  readonly survey: Survey
  readonly hops: readonly JoinableHop[]
  readonly proposals: readonly Proposal[]
  readonly broken: readonly BrokenGroup[]
}

/** Reads only. The same cut and days give the same report. */
export async function checkJoinability(reader: AccessReader, request: SurveyRequest): Promise<JoinabilityReport> {
  const { asOf } = request
  const { sources } = reader.settings
  const survey = await readSurvey(reader, request)
  const logins = survey.retrievals.flatMap(({ login }) => (login === undefined ? [] : [login]))
  const proposals = await propose(logins, sources, (keys) => reader.knownKeys(asOf, keys, ISSUER_VERBS))
  const hops = assess({ survey, sources, heard: await heardSystems(reader, request, sources), proposals })
  return { survey, hops, proposals, broken: brokenGroups(survey.retrievals, hops) }
}

async function heardSystems(
  reader: AccessReader,
  { asOf }: SurveyRequest,
  sources: readonly SourceInstance[],
): Promise<Set<string>> {
  const index = reader.index(asOf)
  const coverages = await Promise.all(sources.map(({ id }) => index.coverage(id)))
  const heard = sources.filter((_, place) => coverages[place] !== undefined)
  return new Set(heard.map(({ kind, scope }) => `${kind}/${scope}`))
}
