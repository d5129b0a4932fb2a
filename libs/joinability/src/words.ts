import type { Claim, SourceKind } from '@catena/domain'
import type { LoginPlace } from './survey.js'

/** One setting of one system, in its vendor's own words. */
export interface Setting {
  /** System or file in which it is made, e.g. `vault/prod-1`, `catena.yaml`. */
  readonly system: string
  /** Where in it, e.g. `auth/jwt-ci/role/deploy`. */
  readonly where: string
  /** The vendor's name of the field. */
  readonly field: string
  /** What it should hold, as it would be written. */
  readonly value: string
}

/** `claims`: the whole mapping, claim → field of the record. */
type MapClaims = (place: LoginPlace, system: string, claims: Readonly<Record<string, string>>) => Setting

/** How each kind of source is told to record a claim of the tokens that it accepts. */
const MAP_CLAIMS: Readonly<Partial<Record<SourceKind, MapClaims>>> = {
  vault: (place, system, claims) => ({
    system,
    where: `${place.mount}role/${place.role ?? '<role>'}`,
    field: 'claim_mappings',
    value: JSON.stringify(claims),
  }),
  // CloudTrail records the subject and nothing else of a token.
  'aws-cloudtrail': (place, system, claims) =>
    place.issuer?.startsWith('github/') === true
      ? {
          system: place.issuer,
          where: 'PUT /repos/{owner}/{repo}/actions/oidc/customization/sub',
          field: 'include_claim_keys',
          value: JSON.stringify(['repo', ...Object.keys(claims).filter((claim) => claim !== 'repository')]),
        }
      : {
          system,
          where: place.mount,
          field: 'session tags (aws.amazon.com/tags)',
          value: Object.keys(claims).join(', '),
        },
  'google-cloud': (place, system, claims) => ({
    system,
    where: `${place.mount}providers/<provider>`,
    field: 'attributeMapping, google.subject',
    value: subjectOf(Object.keys(claims)),
  }),
  teleport: inTokensFor("Teleport's connector"),
  cloudevents: (place, system, claims) => ({
    system,
    where: `catena.session.started with provider ${place.mount.replace(/\/$/, '')}`,
    field: 'onBehalfOf.claims',
    value: JSON.stringify(claims),
  }),
  'azure-key-vault': (_, system) => ({
    system,
    where: 'Entra diagnostic settings',
    field: 'categories of sign-ins',
    value: 'all of them: the token id (uti) of a request is in the record of its sign-in',
  }),
  gitlab: inTokensFor('GitLab'),
}

/** The source records the tokens that it is given: their issuer has to put the claims in. */
function inTokensFor(client: string): MapClaims {
  return ({ issuer, mount }, system, claims) => ({
    system: issuer ?? system,
    where: `client of ${client} (${mount})`,
    field: 'claims of the ID token',
    value: Object.keys(claims).join(', '),
  })
}

/** In CEL: Google's audit log writes the subject, and nothing else of a token. */
function subjectOf(claims: readonly string[]): string {
  const [only, ...others] = claims
  if (only !== undefined && others.length === 0) return `assertion.${only}`
  return claims.map((claim) => `"${inSubject(claim)}:" + assertion.${claim}`).join(' + ":" + ')
}

/** The subject of a run calls its repository `repo`. */
function inSubject(claim: string): string {
  return claim === 'repository' ? 'repo' : claim
}

export function mapClaims(
  kind: SourceKind,
  place: LoginPlace,
  system: string,
  claims: Readonly<Record<string, string>>,
): Setting {
  const words = MAP_CLAIMS[kind]
  if (words !== undefined) return words(place, system, claims)
  return { system, where: place.mount, field: 'claims recorded of a login', value: Object.keys(claims).join(', ') }
}

/** Under which name a field of the login's record is declared. */
const DECLARED_FIELD: Readonly<Partial<Record<SourceKind, (claim: Claim) => string>>> = {
  'aws-cloudtrail': (claim) => `subject.${claim}`,
  'google-cloud': (claim) => (OF_SUBJECT.has(claim) ? 'subject' : `subject.${inSubject(claim)}`),
}

/** Claims that are a whole subject by themselves. */
const OF_SUBJECT: ReadonlySet<Claim> = new Set(['sub', 'oid', 'sid', 'email', 'upn'])

export function fieldOf(kind: SourceKind, claim: Claim): string {
  return DECLARED_FIELD[kind]?.(claim) ?? claim
}

/** A certificate's serial number stands in every login by it; nothing needs to be mapped. */
export function isAlwaysRecorded(claim: Claim): boolean {
  return claim === 'serial_number'
}

/** Its records carry the id of the token itself, so that no claim has to be declared. */
export function joinsByToken(kind: SourceKind): boolean {
  return kind === 'azure-key-vault'
}

export function declareClaims(source: string, mount: string, claims: Readonly<Record<string, string>>): Setting {
  return {
    system: 'catena.yaml',
    where: `sources[id=${source}].federations[mount=${mount}]`,
    field: 'claims',
    value: yamlMap(claims),
  }
}

export function declareFederation(
  source: string,
  mount: string,
  issuer: string,
  claims: Readonly<Record<string, string>>,
): Setting {
  return {
    system: 'catena.yaml',
    where: `sources[id=${source}]`,
    field: 'federations',
    value: federationYaml(mount, issuer, claims),
  }
}

/** The entry as it is pasted under `federations:` of the source. */
export function federationYaml(mount: string, issuer: string, claims: Readonly<Record<string, string>>): string {
  return `- mount: ${mount}\n  issuer: ${issuer.replace('/', ':')}\n  claims: ${yamlMap(claims)}`
}

/** Values that YAML would read otherwise are quoted. */
function yamlMap(claims: Readonly<Record<string, string>>): string {
  const members = Object.entries(claims).map(
    ([claim, field]) => `${claim}: ${/^[\w./-]+$/.test(field) ? field : JSON.stringify(field)}`,
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}
