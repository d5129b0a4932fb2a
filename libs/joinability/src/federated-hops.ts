import type { Claim, SourceInstance } from '@catena/domain'
import type { Advice, JoinableHop } from './hop.js'
import { neverRecorded } from './limits.js'
import { hopOf, roleOf, sourceOf, weakerThan, type Assessed, type Seen } from './places.js'
import { missingFor, provabilityOf, rulesOf, type JoinedTo, type Provability, type Rule } from './provability.js'
import type { LoginPlace, SurveyedLogin } from './survey.js'
import {
  declareClaims,
  declareFederation,
  fieldOf,
  isAlwaysRecorded,
  joinsByToken,
  mapClaims,
  type Setting,
} from './words.js'

/** Of a login on another system's word: each thing that its claims may lead to. */
export function federatedHops(seen: Seen, assessed: Assessed): JoinableHop[] {
  const { issuer = '' } = seen.place
  const { claims, basis } = carriedBy(seen, assessed)
  return rulesOf(issuer).map((rule) => {
    const carried = provabilityOf(rule, claims)
    const isHeard = assessed.heard.has(issuer)
    // What never changes hands is proven by the login's own record; a session or run only by its issuer's.
    const isOwnWord = rule.lasting?.some((claim) => claims.includes(claim)) === true
    const provability = isHeard || isOwnWord ? carried : 'impossible'
    const never =
      carried === 'provable' ? undefined : neverRecorded(sourceOf(seen.place, assessed.sources)?.kind, rule.joins)
    const advice = [
      ...(isHeard || isOwnWord ? [] : [connect(seen, issuer, carried, rule.joins)]),
      ...(carried === 'provable' || never !== undefined ? [] : [carry(seen, assessed, rule, claims)]),
    ]
    return {
      ...hopOf(seen, rule.joins),
      provability,
      why:
        isHeard || isOwnWord
          ? `${whyOf(rule.joins, carried, claims)}${never === undefined ? '' : `; ${never}, and no setting changes that`}`
          : `no record of ${issuer} has arrived, so what a login presents is not found there`,
      basis,
      advice,
    }
  })
}

/** What the newest login after the role's last change carried; without one, what the role maps and the declaration reads. */
function carriedBy(
  { place, logins, role }: Seen,
  { sources }: Assessed,
): { claims: readonly string[]; basis: JoinableHop['basis'] } {
  const current = logins.filter(({ at }) => at >= (role?.changedAt ?? -Infinity))
  const newest = current.reduce<SurveyedLogin | undefined>(
    (a, b) => (a === undefined || b.at > a.at ? b : a),
    undefined,
  )
  if (newest !== undefined) return { claims: newest.claims, basis: 'records' }
  const declared = Object.keys(federationOf(place, sources)?.claims ?? {})
  if (role?.claims === undefined) return { claims: declared, basis: 'declaration' }
  return { claims: declared.filter((claim) => role.claims?.includes(claim)), basis: 'configuration' }
}

function federationOf(place: LoginPlace, sources: readonly SourceInstance[]) {
  const { mount } = place
  const own = sourceOf(place, sources)?.federations ?? []
  return own.find((one) => one.mount === mount || one.mount === `${mount}/`)
}

function whyOf(joins: JoinedTo, provability: Provability, claims: readonly string[]): string {
  const list = claims.filter((claim) => claim !== 'actor').join(', ')
  if (provability === 'provable') return `logins carry ${list}: minted by the issuer, or immutable`
  if (provability === 'impossible') return `logins carry nothing that leads to the ${joins}`
  const rest =
    joins === 'person' ? 'a name that can change hands' : 'what was alive at the login fits, and several may be'
  return `logins carry ${list}: ${rest}`
}

/** Where the role is known to map the claim, only the declaration is missing; where that reads it already, only the role. */
function carry(
  { place, retrievals, role }: Seen,
  { sources }: Assessed,
  rule: Rule,
  carried: readonly string[],
): Advice {
  const claims = missingFor(rule, carried)
  const source = sourceOf(place, sources)
  const kind = source?.kind ?? 'vault'
  const declared = federationOf(place, sources)?.claims ?? {}
  const unmapped = claims.filter((claim) => !isAlwaysRecorded(claim) && role?.claims?.includes(claim) !== true)
  const undeclared = joinsByToken(kind) ? [] : claims.filter((claim) => declared[claim] === undefined)
  const fields = Object.fromEntries(undeclared.map((claim) => [claim, fieldOf(kind, claim)]))
  const settings = [
    ...(unmapped.length === 0
      ? []
      : [mapClaims(kind, place, systemOf(source), mappingWith(unmapped, role?.claims ?? carried, declared))]),
    ...(undeclared.length === 0 ? [] : [declareClaims(place.source, place.mount, fields)]),
    ...(unmapped.length > 0 || undeclared.length > 0 ? [] : [issuerMustSay(place, claims)]),
  ]
  return { settings, becomes: 'provable', helps: weakerThan(retrievals, 'provable', rule.joins) }
}

/** The whole mapping, because what is written takes the place of what stood there. */
function mappingWith(
  added: readonly Claim[],
  mapped: readonly string[],
  declared: Readonly<Partial<Record<string, string>>>,
): Record<string, string> {
  return Object.fromEntries([...new Set([...mapped, ...added])].map((claim) => [claim, declared[claim] ?? claim]))
}

/** Mapped and declared, and yet in no login: the token does not hold it. */
function issuerMustSay({ issuer = '', mount }: LoginPlace, claims: readonly Claim[]): Setting {
  return { system: issuer, where: `tokens for ${mount}`, field: 'claims of the token', value: claims.join(', ') }
}

function connect({ retrievals }: Seen, issuer: string, becomes: Provability, joins: JoinedTo): Advice {
  const [kind = '', scope = ''] = issuer.split('/')
  const value = `- { id: ${kind}, kind: ${kind}, scope: ${scope} }`
  return {
    settings: [{ system: 'catena.yaml', where: 'sources', field: 'sources', value }],
    becomes,
    helps: weakerThan(retrievals, becomes, joins),
  }
}

/** An undeclared mount joins nothing; what the records suggest is proposed, and joins nothing either. */
export function undeclaredHop(seen: Seen, { proposals, survey }: Assessed): JoinableHop {
  const { place, retrievals } = seen
  const fitting = proposals.filter(({ source, mount }) => source === place.source && mount === place.mount)
  const advice = fitting.map(({ issuer, claims }) => {
    const fields = Object.fromEntries(claims.map(({ claim, field }) => [claim, field]))
    const [rule] = rulesOf(issuer)
    const becomes = rule === undefined ? 'impossible' : provabilityOf(rule, Object.keys(fields))
    return {
      settings: [declareFederation(place.source, place.mount, issuer, fields)],
      becomes,
      helps: weakerThan(retrievals, becomes, 'session'),
    }
  })
  const mapped = roleOf(place, survey.roles)?.claims ?? []
  const template = declareFederation(
    place.source,
    place.mount,
    '<kind>/<scope>',
    Object.fromEntries(mapped.map((claim) => [claim, claim])),
  )
  return {
    ...hopOf(seen, 'session'),
    provability: 'impossible',
    why: 'catena.yaml does not say whose tokens this mount accepts, so nothing is joined',
    basis: 'declaration',
    advice:
      advice.length > 0
        ? advice
        : [{ settings: [template], becomes: 'inferable', helps: weakerThan(retrievals, 'inferable', 'session') }],
  }
}

function systemOf(source: SourceInstance | undefined): string {
  return source === undefined ? 'the source' : `${source.kind}/${source.scope}`
}
